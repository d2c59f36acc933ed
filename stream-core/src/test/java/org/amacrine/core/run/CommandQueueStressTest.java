package org.amacrine.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.testing.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three threads send, one applies: every command is answered once, and those of one thread are applied in their order. */
@Timeout(60)
class CommandQueueStressTest {
    private static final int SENDERS = 3;
    private static final int COMMANDS = 20_000;

    @Test
    void shouldAnswerEveryCommandOnceAndKeepTheOrderOfEachSender() throws InterruptedException {
        CommandQueue queue = new CommandQueue();
        ParameterTree parameters = new ParameterTree("test");
        for (int sender = 0; sender < SENDERS; sender++) {
            parameters.add(Parameter.integer("p" + sender, -1));
        }
        AtomicInteger sending = new AtomicInteger(SENDERS);
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        List<Task<Object>> senders = new ArrayList<>();
        for (int sender = 0; sender < SENDERS; sender++) {
            String name = "p" + sender;
            senders.add(Task.start("sender-" + sender, () -> {
                for (int i = 0; i < COMMANDS; i++) {
                    Command command = Command.set(name, i);
                    command.done().whenComplete((frame, error) -> {
                        answered.getAndIncrement();
                        if (error != null) {
                            refused.getAndIncrement();
                        }
                    });
                    queue.submit(command);
                }
                sending.getAndDecrement();
                return null;
            }));
        }

        int[] last = {-1, -1, -1};
        int[] applied = new int[1];
        Task<Object> owner = Task.start("owner", () -> {
            boolean more = true;
            for (long frame = 0; more; frame++) {
                more = sending.get() > 0;
                queue.apply(parameters, frame, (command, at) -> {
                    String name = command.values().keySet().iterator().next();
                    int sender = name.charAt(1) - '0';
                    int value = (Integer) command.values().get(name);
                    assertTrue(value > last[sender], () -> value + " of " + sender + " came behind " + last[sender]);
                    last[sender] = value;
                    applied[0]++;
                });
            }
            return null;
        });
        for (Task<Object> sender : senders) {
            sender.result();
        }
        owner.result();

        assertEquals(SENDERS * COMMANDS, answered.get());
        assertEquals(SENDERS * COMMANDS, applied[0] + refused.get());
        for (int sender = 0; sender < SENDERS; sender++) {
            assertEquals(last[sender], parameters.get("p" + sender).integer());
        }
    }
}
