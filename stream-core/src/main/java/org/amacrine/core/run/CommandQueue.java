package org.amacrine.core.run;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BiConsumer;
import org.amacrine.core.layer.ParameterTree;

/**
 * Commands for one layer: put in by any thread, taken out and applied by the layer's own, between two chunks and in the order
 * they came. Bounded: a command for which there is no room is refused.
 */
public final class CommandQueue {
    /** Far more than people and scripts send between two chunks. */
    private static final int CAPACITY = 1024;

    private final Queue<Command> waiting = new ArrayDeque<>();
    private volatile boolean some;

    /** Adds a command; its {@code done} fails when there is no room. */
    public void submit(Command command) {
        boolean room;
        synchronized (waiting) {
            room = waiting.size() < CAPACITY;
            if (room) {
                waiting.add(command);
                some = true;
            }
        }
        if (!room) {
            command.done()
                    .completeExceptionally(new IllegalStateException("the command for "
                            + String.join(", ", command.values().keySet()) + " was refused: " + CAPACITY
                            + " commands wait already; send fewer at once"));
        }
    }

    /**
     * Applies all that wait. Called by the thread that owns the layer.
     *
     * @param frame index of the next frame, the first one that they are in force for
     * @param journal receives each command that was applied, and that frame
     */
    public void apply(ParameterTree parameters, long frame, BiConsumer<Command, Long> journal) {
        while (some) {
            Command command;
            synchronized (waiting) {
                command = waiting.poll();
                some = !waiting.isEmpty();
            }
            if (command != null) {
                applyOne(command, parameters, frame, journal);
            }
        }
    }

    private static void applyOne(
            Command command, ParameterTree parameters, long frame, BiConsumer<Command, Long> journal) {
        try {
            command.apply(parameters);
        } catch (RuntimeException e) {
            command.done().completeExceptionally(e);
            return;
        }
        journal.accept(command, frame);
        command.done().complete(frame);
    }

    /** Refuses all that wait, because nobody will apply them. */
    public void refuseAll(String why) {
        synchronized (waiting) {
            for (Command command : waiting) {
                command.done()
                        .completeExceptionally(new IllegalStateException("the command for "
                                + String.join(", ", command.values().keySet()) + " was refused: " + why));
            }
            waiting.clear();
            some = false;
        }
    }
}
