package org.amacrine.demos.behaviour;

import org.amacrine.core.chunk.Shape;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;

/**
 * A source of a simulated video from above: a dark animal in a bright arena, 96 x 128 pixels, 30 frames per second. Its speed
 * and its turning come from an autoregressive hidden Markov model that is known, so that states found in the video can be
 * held against the true ones:
 *
 * <pre>
 *   x_t = 0.7 x_{t-1} + 0.3 mean_z + noise,   x = (speed in pixels/s, turning in rad/s),   z rests, runs, turns left or right
 * </pre>
 *
 * <p>An animal that runs towards a wall that is near begins to turn, and turns until it looks away from it.
 */
public final class SimulatedArena implements FrameSource {
    /** Frames per second. */
    public static final double FRAMES_PER_SECOND = 30;
    /** What the animal does, by state. */
    public static final String[] STATES = {"rests", "runs", "turns left", "turns right"};

    private static final int ROWS = 96;
    private static final int COLUMNS = 128;
    private static final int RUNS = 1;
    private static final int LEFT = 2;
    private static final int RIGHT = 3;
    private static final double[] SPEED = {0, 60, 25, 25};
    private static final double[] TURNING = {0, 0, -2.5, 2.5};
    private static final double[] SPEED_NOISE = {0.5, 5, 2, 2};
    private static final double[] TURNING_NOISE = {0.02, 0.1, 0.2, 0.2};
    private static final double CARRY_OVER = 0.7;
    /** Mean duration of a state is 1 s. */
    private static final double LEAVE = 1 / FRAMES_PER_SECOND;

    private static final double WALL = 24;
    private static final double LENGTH = 9;
    private static final double WIDTH = 5;
    private static final float GROUND = 0.8f;
    private static final float FUR = 0.15f;
    private static final float NOISE = 0.01f;
    /** A frame takes its place in the sequence of random numbers by its own key. */
    private static final long KEY = 0x6172656e61L;

    private final long skippedFrames;
    private final RandomSequence random = new RandomSequence();
    private long seed;
    private long frame;
    private int state;
    private double column;
    private double row;
    private double heading;
    private double speed;
    private double turning;

    /**
     * An arena.
     *
     * @param skippedFrames frames that go by before the first one that is seen
     */
    public SimulatedArena(long skippedFrames) {
        this.skippedFrames = skippedFrames;
    }

    @Override
    public SourceFormat open(SourceContext context) {
        begin(context.seed());
        for (long t = 0; t < skippedFrames; t++) {
            move();
        }
        return new SourceFormat(Shape.image(ROWS, COLUMNS), FRAMES_PER_SECOND, -1, false);
    }

    private void begin(long newSeed) {
        seed = newSeed;
        frame = 0;
        state = 0;
        column = COLUMNS / 2.0;
        row = ROWS / 2.0;
        heading = 0.5;
        speed = 0;
        turning = 0;
    }

    /** The true states of the first frames. */
    public static int[] truth(long seed, int frames) {
        SimulatedArena arena = new SimulatedArena(0);
        arena.begin(seed);
        int[] states = new int[frames];
        for (int t = 0; t < frames; t++) {
            arena.move();
            states[t] = arena.state;
        }
        return states;
    }

    private void move() {
        random.start(KEY ^ seed * 0x9E3779B97F4A7C15L, (int) frame++);
        double leave = random.uniform();
        double choice = random.uniform();
        double side = side();
        if (isNearWall() && side != 0) {
            if (state != LEFT && state != RIGHT) {
                state = state == RUNS ? (side < 0 ? LEFT : RIGHT) : state;
            }
            leave = 1;
        }
        if (leave < LEAVE) {
            state = (state + 1 + (int) (3 * choice)) % STATES.length;
        }
        speed = CARRY_OVER * speed + (1 - CARRY_OVER) * SPEED[state] + SPEED_NOISE[state] * random.normal();
        turning = CARRY_OVER * turning + (1 - CARRY_OVER) * TURNING[state] + TURNING_NOISE[state] * random.normal();
        heading += turning / FRAMES_PER_SECOND;
        column = within(column + speed * Math.cos(heading) / FRAMES_PER_SECOND, COLUMNS);
        row = within(row + speed * Math.sin(heading) / FRAMES_PER_SECOND, ROWS);
    }

    private boolean isNearWall() {
        return Math.min(Math.min(column, COLUMNS - column), Math.min(row, ROWS - row)) < WALL;
    }

    /** To which side the middle of the arena is, by its sign: 0 when the animal looks there. */
    private double side() {
        double wanted = Math.atan2(ROWS / 2.0 - row, COLUMNS / 2.0 - column);
        double off = Math.IEEEremainder(wanted - heading, 2 * Math.PI);
        return state != 0 && Math.abs(off) > Math.PI / 3 ? off : 0;
    }

    private static double within(double x, int extent) {
        return Math.min(extent - LENGTH - 2, Math.max(LENGTH + 2, x));
    }

    @Override
    public boolean read(Frame slot) {
        move();
        float[] values = slot.values();
        double cos = Math.cos(heading);
        double sin = Math.sin(heading);
        for (int y = 0, i = 0; y < ROWS; y++) {
            for (int x = 0; x < COLUMNS; x++, i++) {
                double ahead = (x - column) * cos + (y - row) * sin;
                double aside = (y - row) * cos - (x - column) * sin;
                // The animal is thinner in front.
                double width = WIDTH * (1 - 0.25 * ahead / LENGTH);
                double inside = 1 - Math.hypot(ahead / LENGTH, aside / width);
                double part = Math.min(1, Math.max(0, 0.5 + inside * WIDTH));
                double noise = NOISE * (2 * RandomSequence.uniform(KEY + frame, i, 0) - 1);
                values[i] = (float) (GROUND + part * (FUR - GROUND) + noise);
            }
        }
        return true;
    }

    @Override
    public void close() {
        random.start(KEY, 0);
    }
}
