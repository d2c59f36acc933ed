package org.amacrine.sources.camera;

import java.io.IOException;
import java.util.List;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.run.Clock;
import org.amacrine.sources.Colours;

/**
 * A camera that is computed: grey waves that move to the lower right, before them a coloured square that wanders, each pixel a
 * function of the frame's number. It has a rate and a clock of its own, and all that can go wrong with cameras goes wrong with
 * it when its {@link CameraScript} says so. The same seed and script make the same faults.
 *
 * <p>Its frames are numbered by its own time, which goes on while it is unplugged: frame n is due n / framesPerSecond after the
 * first opening.
 */
final class SimulatedCamera {
    /** The device's time at frame 0. */
    static final long DEVICE_START = 5_000_000_000L;

    /** Frames that the camera keeps when nobody asks for them. */
    private static final int BUFFERED = 8;
    /** Pixels from one crest of the waves to the next, and pixels that they move per frame. */
    private static final int WAVE = 64;

    private static final int WAVE_STEP = 1;
    private static final int SQUARE = 24;
    private static final int SQUARE_STEP = 2;
    private static final int FIELD = 128;
    private static final byte[] SQUARE_COLOUR = {(byte) 40, (byte) 160, (byte) 255};

    private final CameraMode mode;
    private final CameraScript script;
    private final long key;
    private final Clock clock;
    private final double frameNanos;

    /** Guarded by this. */
    private boolean started;

    private long startNanos;
    private long nextFrame;
    private long pluggedNanos;
    private long hungUntilNanos;
    private int nextEvent;
    private long corruptUntil;

    /**
     * A camera, plugged in.
     *
     * @param key of its random numbers
     */
    SimulatedCamera(CameraMode mode, CameraScript script, long key, Clock clock) {
        this.mode = mode;
        this.script = script;
        this.key = key;
        this.clock = clock;
        frameNanos = 1e9 / mode.framesPerSecond();
    }

    /** A byte of a pixel: 0 for blue, 1 for green, 2 for red. */
    static int pixel(long frame, int row, int column, int colour) {
        long top = row - SQUARE_STEP * frame;
        long left = column - 2 * SQUARE_STEP * frame;
        if (Math.floorMod(top, FIELD) < SQUARE && Math.floorMod(left, FIELD) < SQUARE) {
            return Byte.toUnsignedInt(SQUARE_COLOUR[colour]);
        }
        return wave(row + column - WAVE_STEP * frame);
    }

    private static int wave(long place) {
        int phase = Math.floorMod(place, 2 * WAVE);
        return 4 * (phase < WAVE ? phase : 2 * WAVE - 1 - phase);
    }

    /** One opening of the camera. */
    Grabber connect() {
        return new Opening();
    }

    private long due(long frame) {
        return startNanos + Math.round(frame * frameNanos);
    }

    /** The first frame that is due at that time or after it. */
    private long frameAt(long nanos) {
        return (long) Math.ceil((nanos - startNanos) / frameNanos - 1e-6);
    }

    private synchronized void plugIn() throws IOException {
        long now = clock.nanos();
        if (!started) {
            started = true;
            startNanos = now;
            return;
        }
        if (now < pluggedNanos) {
            throw new IOException("no such camera: it is unplugged");
        }
        nextFrame = Math.max(nextFrame, frameAt(now));
    }

    /** Finds the next frame that the camera makes; returns true when the library hangs before it. */
    private boolean nextFrame(List<CameraScript.Event> events) throws IOException {
        long now = clock.nanos();
        if (now > due(nextFrame + BUFFERED)) {
            nextFrame = frameAt(now);
        }
        while (script.dropShare() > 0 && CounterRandom.uniform(key, nextFrame, 0) < script.dropShare()) {
            nextFrame++;
        }
        while (nextEvent < events.size() && events.get(nextEvent).frame() <= nextFrame) {
            CameraScript.Event event = events.get(nextEvent++);
            switch (event.kind()) {
                case DROP -> nextFrame += event.amount();
                case CORRUPT -> corruptUntil = nextFrame + event.amount();
                case STALL -> nextFrame = frameAt(due(nextFrame) + event.amount());
                case HANG -> {
                    hungUntilNanos = due(nextFrame) + event.amount();
                    return true;
                }
                case UNPLUG -> {
                    pluggedNanos = due(nextFrame) + event.amount();
                    throw new IOException("the camera was unplugged");
                }
            }
        }
        return false;
    }

    private long jitter(long frame) {
        return script.jitterNanos() == 0 ? 0 : (long) (script.jitterNanos() * CounterRandom.uniform(key, frame, 1));
    }

    private synchronized boolean isCorrupt(long frame) {
        return frame < corruptUntil
                || script.corruptShare() > 0 && CounterRandom.uniform(key, frame, 2) < script.corruptShare();
    }

    private final class Opening implements Grabber {
        /** What the next call has to do: wait until then for that frame, or hang. */
        private long untilNanos;

        private long frame;
        private final byte[] waves = new byte[Colours.BYTES_PER_PIXEL * (mode.rows() + mode.columns())];

        @Override
        public CameraMode open() throws IOException {
            plugIn();
            return mode;
        }

        @Override
        public boolean next(CameraPicture into) throws IOException, InterruptedException {
            while (mustHang()) {
                hang();
            }
            clock.sleepUntil(untilNanos);
            draw(into.pixels());
            into.deviceNanos(DEVICE_START + Math.round(frame * frameNanos));
            into.corrupt(isCorrupt(frame));
            return true;
        }

        /** Goes on to the next frame; true when the library hangs instead. */
        private boolean mustHang() throws IOException {
            synchronized (SimulatedCamera.this) {
                boolean hangs = nextFrame(script.events());
                frame = nextFrame;
                untilNanos = hangs ? hungUntilNanos : due(nextFrame++) + jitter(frame);
                return hangs;
            }
        }

        /** Like a library that hangs: an interrupt does not end it. */
        private void hang() throws InterruptedException {
            boolean interrupted = false;
            while (clock.nanos() < untilNanos) {
                try {
                    clock.sleepUntil(untilNanos);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                throw new InterruptedException();
            }
        }

        private void draw(byte[] pixels) {
            int stride = Colours.BYTES_PER_PIXEL * mode.columns();
            for (int place = 0, k = 0; place < mode.rows() + mode.columns(); place++) {
                byte value = (byte) wave(place - WAVE_STEP * frame);
                for (int c = 0; c < Colours.BYTES_PER_PIXEL; c++) {
                    waves[k++] = value;
                }
            }
            for (int i = 0; i < mode.rows(); i++) {
                System.arraycopy(waves, Colours.BYTES_PER_PIXEL * i, pixels, i * stride, stride);
                if (Math.floorMod(i - SQUARE_STEP * frame, FIELD) < SQUARE) {
                    drawSquares(pixels, i * stride);
                }
            }
        }

        private void drawSquares(byte[] pixels, int row) {
            int left = Math.floorMod(2 * SQUARE_STEP * frame, FIELD) - FIELD;
            for (; left < mode.columns(); left += FIELD) {
                for (int j = Math.max(0, left); j < Math.min(left + SQUARE, mode.columns()); j++) {
                    System.arraycopy(
                            SQUARE_COLOUR, 0, pixels, row + Colours.BYTES_PER_PIXEL * j, Colours.BYTES_PER_PIXEL);
                }
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
