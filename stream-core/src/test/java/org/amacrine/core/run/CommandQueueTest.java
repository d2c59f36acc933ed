package org.amacrine.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Gain;
import org.junit.jupiter.api.Test;

class CommandQueueTest {
    private final CommandQueue queue = new CommandQueue();
    private final ParameterTree parameters = new Gain().parameters();
    private final List<String> journal = new ArrayList<>();

    private void apply(long frame) {
        queue.apply(
                parameters, frame, (command, at) -> journal.add(command.values().get("gain") + "@" + at));
    }

    private Command submit(Object value) {
        Command command = Command.set("gain", value);
        queue.submit(command);
        return command;
    }

    @Test
    void shouldApplyInOrderAndStampWithTheFrame() {
        Command first = submit(3);
        Command second = submit(4);
        assertFalse(first.done().isDone());

        apply(100);
        Command third = submit(5);
        apply(200);
        apply(300);

        assertEquals(List.of("3@100", "4@100", "5@200"), journal);
        assertEquals(100, first.done().join());
        assertEquals(100, second.done().join());
        assertEquals(200, third.done().join());
        assertEquals(5, parameters.get("gain").number());
    }

    @Test
    void shouldSayWhyAValueIsRefusedAndGoOn() throws InterruptedException {
        Command refused = submit(-1);
        Command unknown = Command.set("gian", 1);
        queue.submit(unknown);
        submit(7);

        apply(0);

        assertTrue(
                Await.error("the command", refused.done()).getMessage().startsWith("gain must be a finite number > 0"));
        assertTrue(Await.error("the command", unknown.done()).getMessage().contains("did you mean \"gain\"?"));
        assertEquals(List.of("7@0"), journal);
    }

    @Test
    void shouldRefuseCommandsBeyondItsRoom() throws InterruptedException {
        for (int i = 0; i < 1024; i++) {
            submit(1 + i % 9);
        }

        Throwable error = Await.error("the command", submit(5).done());

        assertEquals(
                "the command for gain was refused: 1024 commands wait already; send fewer at once", error.getMessage());
        apply(0);
        assertEquals(1024, journal.size());
        assertFalse(submit(5).done().isDone(), "there is room again");
    }

    @Test
    void shouldRefuseAllThatWait() throws InterruptedException {
        Command first = submit(3);
        Command second = submit(4);

        queue.refuseAll("the run has ended");
        apply(0);

        for (Command command : List.of(first, second)) {
            assertEquals(
                    "the command for gain was refused: the run has ended",
                    Await.error("the command", command.done()).getMessage());
        }
        assertEquals(List.of(), journal);
        assertEquals(2, parameters.get("gain").number());
    }

    @Test
    void shouldApplyACommandThatAnotherOneBringsAbout() {
        Command first = Command.set("gain", 3);
        first.done().thenAccept(frame -> submit(4));
        queue.submit(first);

        apply(10);

        assertEquals(List.of("3@10", "4@10"), journal);
    }
}
