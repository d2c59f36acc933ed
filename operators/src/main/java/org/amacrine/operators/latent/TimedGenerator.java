package org.amacrine.operators.latent;

import java.util.Arrays;

/**
 * A generator whose rows come by the numbers of their steps, and may come late: a row for a step that was computed already is
 * either dropped, or the generator goes back to that step and computes from there again. Rows are never moved to other steps. The
 * steps before a row that comes early are done freely; groups that nothing is fed back to keep their last rows there.
 *
 * <pre>
 *   steps   … │ n-3 │ n-2 │ n-1 │ n      n: the next step
 *                ▲ late row: back to n-3, then n-3, n-2, n-1 again
 *           └── kept: what was given, and the last outputs before ──┘
 * </pre>
 *
 * <p>Owned by one thread; allocates nothing after it was made.
 */
public final class TimedGenerator {

    /** What becomes of a late row. */
    public enum Late {
        /** It is counted and dropped. */
        DROP,
        /** Its step, and those since, are computed again, as if it had come in time; dropped when that is too long ago. */
        RECOMPUTE
    }

    private final Generator generator;
    private final Late late;
    private final boolean[] fed;
    private final int kept;
    private final int inputs;
    private final int outputs;
    /** What was given at a step, [step modulo kept][input group]. */
    private final float[][][] given;

    /** The last outputs before a step, [step modulo kept][output group]. */
    private final float[][][] before;

    private final boolean[] hadLast;
    private final float[][] held;
    private final long begin;
    private long dropped;
    private long recomputed;

    /**
     * A generator that goes on where the given one is, which belongs to it from now on.
     *
     * @param keptSteps how many steps it can go back, at least 1
     */
    public TimedGenerator(Generator generator, int keptSteps, Late late) {
        if (keptSteps < 1) {
            throw new IllegalArgumentException("keptSteps must be >= 1 but was " + keptSteps);
        }
        this.generator = Given.require(generator, "generator");
        this.late = Given.require(late, "late");
        fed = generator.fed();
        kept = keptSteps;
        inputs = generator.inputs();
        outputs = generator.outputs();
        begin = generator.step();
        given = new float[kept][inputs][];
        before = new float[kept][outputs][];
        hadLast = new boolean[kept];
        held = new float[inputs][];
        for (int g = 0; g < inputs; g++) {
            held[g] = new float[generator.x(g).length];
            Arrays.fill(held[g], Float.NaN);
            for (float[][] step : given) {
                step[g] = new float[held[g].length];
            }
        }
        for (float[][] step : before) {
            for (int h = 0; h < outputs; h++) {
                step[h] = new float[generator.y(h).length];
            }
        }
    }

    /** The generator: its outputs, means and latents are those of the last step. */
    public Generator generator() {
        return generator;
    }

    /** Late rows that were dropped. */
    public long dropped() {
        return dropped;
    }

    /** Late rows for which steps were computed again. */
    public long recomputed() {
        return recomputed;
    }

    /**
     * Takes the rows of a step, and computes up to it, or from it on again.
     *
     * @param step its number, counted as {@link Generator#step} does
     * @param rows of each input group, {@code [trajectory][d_in]}; NaN is free, or, in a late row, as it was
     * @return false when the rows came too late and were dropped
     * @throws IllegalArgumentException when an entry is free and nothing can be fed back to it, here or at a step before that
     *     was not given; nothing is changed then
     */
    public boolean give(long step, float[][] rows) {
        requireRows(rows);
        long next = generator.step();
        if (step < next) {
            if (late == Late.DROP || step < begin || next - step > kept) {
                dropped++;
                return false;
            }
            merge(rows, given[slot(step)]);
            recompute(step, next);
            recomputed++;
            return true;
        }
        requireComplete(step, rows);
        for (long s = next; s < step; s++) {
            float[][] missing = given[slot(s)];
            for (int g = 0; g < inputs; g++) {
                if (fed[g]) {
                    Arrays.fill(missing[g], Float.NaN);
                } else {
                    System.arraycopy(held[g], 0, missing[g], 0, held[g].length);
                }
            }
            advance();
        }
        for (int g = 0; g < inputs; g++) {
            System.arraycopy(rows[g], 0, given[slot(step)][g], 0, rows[g].length);
        }
        advance();
        for (int g = 0; g < inputs; g++) {
            System.arraycopy(rows[g], 0, held[g], 0, rows[g].length);
        }
        return true;
    }

    private void requireRows(float[][] rows) {
        if (Given.require(rows, "rows").length != inputs) {
            throw new IllegalArgumentException(
                    "a step takes rows of " + inputs + " input groups but was given " + rows.length);
        }
        for (int g = 0; g < inputs; g++) {
            if (rows[g] == null || rows[g].length != held[g].length) {
                throw new IllegalArgumentException("input group " + g + " takes " + held[g].length
                        + " values, those of all trajectories, but was given "
                        + (rows[g] == null ? "none" : rows[g].length));
            }
        }
    }

    /** Before the first of the steps up to this one is done, so that all of them can be. */
    private void requireComplete(long step, float[][] rows) {
        long next = generator.step();
        for (int g = 0; g < inputs; g++) {
            if (step > next && !(fed[g] && generator.hasLast())) {
                generator.requireComplete(next, g, held[g]);
            }
            if (!fed[g] || step == next && !generator.hasLast()) {
                generator.requireComplete(step, g, rows[g]);
            }
        }
    }

    private int slot(long step) {
        return (int) (step % kept);
    }

    private static void merge(float[][] rows, float[][] into) {
        for (int g = 0; g < rows.length; g++) {
            for (int i = 0; i < rows[g].length; i++) {
                into[g][i] = Float.isNaN(rows[g][i]) ? into[g][i] : rows[g][i];
            }
        }
    }

    private void recompute(long from, long next) {
        generator.restore(from, hadLast[slot(from)] ? before[slot(from)] : null);
        for (long s = from; s < next; s++) {
            advance();
        }
    }

    /** Does the next step with what was given for it. */
    private void advance() {
        int slot = slot(generator.step());
        hadLast[slot] = generator.hasLast();
        for (int h = 0; h < outputs; h++) {
            System.arraycopy(generator.y(h), 0, before[slot][h], 0, before[slot][h].length);
        }
        generator.freeAll();
        for (int g = 0; g < inputs; g++) {
            System.arraycopy(given[slot][g], 0, generator.x(g), 0, given[slot][g].length);
        }
        generator.advance();
    }
}
