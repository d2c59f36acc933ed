package org.amacrine.operators.retina;

import java.util.Arrays;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.StateTree;
import org.amacrine.operators.filter.CausalConvolution;
import org.amacrine.operators.filter.Exponential;
import org.amacrine.operators.filter.FrameMemory;

/**
 * The transient of a ganglion cell: its input minus a truncated exponential of its past,
 * {@code u[t] = x[t] - sum_{p=1..n} (w / tau) exp(-(0.4 + p - 1) / tau) x[t-p]}, zeros before the first frame. The sum is
 * carried as a recursion, with a correction for the frame that leaves the kernel; a kernel that somebody sets is convolved.
 *
 * <p>Two cells of the same input share the work while kernel and past are the same: the follower takes what the leader has
 * computed for the chunk, and takes over the leader's past when their ways part.
 *
 * <p>Owned by the operator's thread.
 */
final class Transient {
    private static final int GRAIN = 1024;

    private final Bands.Band band = this::decay;
    private final CausalConvolution convolution = new CausalConvolution(CausalConvolution.History.ZERO);
    private LayerContext context;
    private Shape shape;
    private float[] taps;
    private boolean custom;
    private float a;
    private float c;
    private float d;
    private float[] sum;
    /** The last {@code n + 1} frames of the input as a ring; the next frame replaces the one in slot {@code position}. */
    private float[] ring;

    private int position;
    private float[] output;
    private Transient leader;
    private Transient follower;
    private boolean follows;
    private boolean undecided;
    private boolean alone;
    private Chunk x;

    /** Lets this one follow {@code other}, which must be applied first to each chunk. */
    void mayFollow(Transient other) {
        leader = other;
        other.follower = this;
    }

    /** Whether it never follows: its past is asked for while it works. */
    void alone(boolean on) {
        alone = on;
    }

    /**
     * Builds kernel and memory. The past stays as far as the new kernel reaches.
     *
     * @param set kernel that somebody set, or null for the exponential
     */
    void build(LayerContext newContext, double tauSeconds, double weight, NdArray set) {
        part();
        boolean sameFrames = ring != null && !custom && newContext.input().equals(shape);
        float[] past = sameFrames && set == null ? history() : null;
        context = newContext;
        shape = newContext.input();
        custom = set != null;
        double tau = newContext.resolution().toSteps(tauSeconds);
        taps = Exponential.highPass(tau, weight, newContext.resolution().filterEpsilon());
        output = new float[Math.multiplyExact(newContext.maxFrames(), shape.values())];
        if (custom) {
            convolution.build(newContext, shape, set);
            return;
        }
        int n = taps.length - 1;
        a = (float) Math.exp(-1 / tau);
        c = n == 0 ? 0 : -taps[1];
        d = n == 0 ? 0 : (float) (weight / tau * Math.exp(-(0.4 + n) / tau));
        ring = new float[FrameMemory.length("a transient of " + n + " steps", n + 1L, shape.values())];
        sum = new float[shape.values()];
        position = 0;
        if (past != null) {
            remember(past);
            sumAnew();
        }
    }

    /** The kernel, the impulse itself first. */
    NdArray kernel() {
        return NdArray.of(taps, taps.length);
    }

    void register(StateTree states, String name) {
        if (custom) {
            convolution.register(states, name);
            return;
        }
        states.add(
                name + ".frames",
                () -> NdArray.of(source().history(), taps.length, shape.channels(), shape.rows(), shape.columns()),
                array -> {
                    if (array.size() != ring.length) {
                        throw new IllegalArgumentException("needs " + taps.length + " frames of " + shape
                                + " but was given " + NdArray.text(array.shape()));
                    }
                    part();
                    remember(array.floats());
                });
        states.add(
                name + ".sum",
                () -> NdArray.of(source().sum.clone(), shape.channels(), shape.rows(), shape.columns()),
                array -> {
                    if (array.size() != sum.length) {
                        throw new IllegalArgumentException(
                                "needs a frame of " + shape + " but was given " + NdArray.text(array.shape()));
                    }
                    part();
                    System.arraycopy(array.floats(), 0, sum, 0, sum.length);
                });
        states.onClear(() -> {
            part();
            Arrays.fill(ring, 0);
            Arrays.fill(sum, 0);
            position = 0;
        });
    }

    /** Number of frames before a chunk that it is computed from. */
    int remembered() {
        return taps.length - 1;
    }

    /** The kernel, the impulse itself first; not to be changed. */
    float[] taps() {
        return taps;
    }

    /** Copies the frames that the next chunk will be computed from, the oldest first. */
    void history(float[] into) {
        for (int k = 0; k < remembered(); k++) {
            int slot = (position + 1 + k) % taps.length;
            System.arraycopy(ring, slot * shape.values(), into, k * shape.values(), shape.values());
        }
    }

    private Transient source() {
        return follows ? leader : this;
    }

    /** The remembered frames, the oldest first. */
    private float[] history() {
        float[] out = new float[ring.length];
        int split = position * shape.values();
        System.arraycopy(ring, split, out, 0, ring.length - split);
        System.arraycopy(ring, 0, out, ring.length - split, split);
        return out;
    }

    /** Takes over the newest of these frames; what is missing counts as zero. */
    private void remember(float[] frames) {
        int copied = Math.min(frames.length, ring.length);
        Arrays.fill(ring, 0);
        System.arraycopy(frames, frames.length - copied, ring, ring.length - copied, copied);
        position = 0;
    }

    /** The sum that the newest remembered frame leaves, from the definition. */
    private void sumAnew() {
        int n = taps.length - 1;
        for (int i = 0; i < sum.length; i++) {
            double s = 0;
            for (int p = 1; p <= n; p++) {
                s -= (double) taps[p] * ring[(n - p) * sum.length + i];
            }
            sum[i] = (float) s;
        }
    }

    /** Before a change: gives the follower a past of its own, and takes one over from the leader. */
    private void part() {
        if (follower != null) {
            follower.takeOver();
            follower.undecided = true;
        }
        takeOver();
        undecided = leader != null;
    }

    private void takeOver() {
        if (follows) {
            follows = false;
            System.arraycopy(leader.sum, 0, sum, 0, sum.length);
            System.arraycopy(leader.ring, 0, ring, 0, ring.length);
            position = leader.position;
        }
    }

    /** Decides, once after each change and before the leader is applied, whether to follow it. */
    void decide() {
        if (undecided) {
            undecided = false;
            follows = !alone
                    && !custom
                    && !leader.custom
                    && shape.equals(leader.shape)
                    && a == leader.a
                    && d == leader.d
                    && Arrays.equals(taps, leader.taps)
                    && Arrays.equals(sum, leader.sum)
                    && Arrays.equals(history(), leader.history());
        }
    }

    /** Computes u for a chunk; the result is in {@link #output()}. */
    void apply(Chunk in) {
        if (follows) {
            return;
        }
        if (custom) {
            convolution.apply(in.values(), in.start(0), output, 0, in.frames());
            return;
        }
        x = in;
        context.bands().run(band, shape.values(), GRAIN);
        x = null;
        position = (position + in.frames()) % taps.length;
    }

    private void decay(int worker, int from, int to) {
        int frames = x.frames();
        int stride = shape.values();
        context.kernels()
                .transientDecay(
                        x.values(), x.start(0), output, 0, sum, ring, position, frames, stride, from, to, a, c, d);
    }

    /** u of the last chunk, its frames from index 0. */
    float[] output() {
        return source().output;
    }
}
