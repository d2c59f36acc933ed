package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.amacrine.core.run.Pipeline;
import org.amacrine.demos.BehaviourDemo;
import org.amacrine.demos.CameraDemo;
import org.amacrine.demos.EpiDemo;
import org.amacrine.demos.GeneratorDemo;
import org.amacrine.demos.RetinaDemo;
import org.amacrine.demos.picture.RetinaPicture;
import org.amacrine.sources.camera.CameraSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine demo}: things to watch at once. */
@Command(
        name = "demo",
        description = "Runs a demo; none needs a file, a camera or a GPU.",
        mixinStandardHelpOptions = true,
        subcommands = {
            DemoCommand.Retina.class,
            DemoCommand.Camera.class,
            DemoCommand.Behaviour.class,
            DemoCommand.Generator.class,
            DemoCommand.Epi.class
        })
public final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say which demo: retina, camera, behaviour, generator, epi");
    }

    /** {@code amacrine demo retina}. */
    @Command(
            name = "retina",
            description =
                    "A virtual retina watches a drifting grating, or a video: live in the browser until Ctrl-C, in real time;"
                            + " with --no-dashboard, or when nobody sits at a terminal, for some seconds as fast as possible. Draws what"
                            + " it saw at each stop.",
            mixinStandardHelpOptions = true)
    static final class Retina implements Callable<Integer> {
        private static final double GRATING_SECONDS = 4;

        @Spec
        private CommandSpec spec;

        @Option(names = "--video", paramLabel = "FILE", description = "Watch this video instead of the grating.")
        private Path video;

        @Option(
                names = "--duration",
                paramLabel = "TIME",
                description = "Stream time, for example 10s (grating: 4s; video: all).")
        private String duration;

        @Option(names = "--out", paramLabel = "FILE.png", description = "Where to draw (${DEFAULT-VALUE}).")
        private Path out = Path.of("out", "retina.png");

        @Option(names = "--paced", description = "Real time instead of as fast as possible.")
        private boolean paced;

        @Option(names = "--dt", paramLabel = "N", description = "Frames per chunk (100; with a dashboard 20).")
        private Integer dt;

        @Mixin
        private DemoOptions options;

        @Override
        public Integer call() throws InterruptedException {
            boolean live = options.isLive(duration);
            double seconds =
                    duration != null ? Durations.seconds(duration) : live || video != null ? 0 : GRATING_SECONDS;
            RetinaPicture picture = new RetinaPicture(out);
            Pipeline.Builder pipeline = RetinaDemo.pipeline(video, seconds, picture)
                    .dt(dt != null ? dt : live ? 20 : 100)
                    .paced(paced || live);
            options.apply(pipeline, live, "*");
            return RetinaDemo.run(pipeline, picture, out, spec.commandLine().getOut());
        }
    }

    /** {@code amacrine demo camera}. */
    @Command(
            name = "camera",
            description =
                    "A virtual retina watches a live camera, or with --simulated one that is computed: live in the browser until"
                            + " Ctrl-C; with --no-dashboard, or when nobody sits at a terminal, for some seconds. Draws what it"
                            + " saw at each stop.",
            mixinStandardHelpOptions = true)
    static final class Camera implements Callable<Integer> {
        private static final double SECONDS = 10;

        @Spec
        private CommandSpec spec;

        @Option(
                names = "--device",
                paramLabel = "N",
                description = "Number of the camera, see amacrine cameras; or an address with :// (${DEFAULT-VALUE}).")
        private String device = "0";

        @Option(names = "--simulated", description = "Watch a simulated camera: needs no hardware.")
        private boolean simulated;

        @Option(
                names = "--script",
                paramLabel = "FAULTS",
                description =
                        "What goes wrong with the simulated camera, for example \"jitter 5ms; 100 drop 5; 200 unplug 2s\".")
        private String script = "";

        @Option(names = "--rows", paramLabel = "N", description = "Rows of its pictures (240; simulated 120).")
        private Integer rows;

        @Option(names = "--columns", paramLabel = "N", description = "Columns of its pictures (320; simulated 160).")
        private Integer columns;

        @Option(names = "--fps", paramLabel = "HZ", description = "Its frames per second (the camera's choice).")
        private double framesPerSecond;

        @Option(names = "--format", paramLabel = "NAME", description = "What it sends, for example mjpeg (auto).")
        private String format = "auto";

        @Option(
                names = "--steps-per-second",
                paramLabel = "N",
                description = "Model steps per second; fewer are less work (${DEFAULT-VALUE}).")
        private double stepsPerSecond = 200;

        @Option(names = "--duration", paramLabel = "TIME", description = "Stream time, for example 30s.")
        private String duration;

        @Option(names = "--out", paramLabel = "FILE.png", description = "Where to draw (${DEFAULT-VALUE}).")
        private Path out = Path.of("out", "camera.png");

        @Mixin
        private DemoOptions options;

        @Override
        public Integer call() throws InterruptedException {
            boolean live = options.isLive(duration);
            double seconds = duration != null ? Durations.seconds(duration) : live ? 0 : SECONDS;
            Map<String, Object> settings = new HashMap<>(Map.of("device", device, "format", format, "script", script));
            if (simulated) {
                settings.put("backend", "simulated");
            }
            if (!device.contains("://") || rows != null || columns != null) {
                settings.put("rows", rows != null ? rows : simulated ? 120 : 240);
                settings.put("columns", columns != null ? columns : simulated ? 160 : 320);
            }
            settings.put("framesPerSecond", framesPerSecond);
            CameraSource camera = CameraDemo.camera(settings);
            RetinaPicture picture = new RetinaPicture(out);
            Pipeline.Builder pipeline =
                    CameraDemo.pipeline(camera, seconds, picture).set("stepsPerSecond", stepsPerSecond);
            options.apply(pipeline, live, "*");
            return CameraDemo.run(
                    pipeline, camera, picture, out, spec.commandLine().getOut());
        }
    }

    /** {@code amacrine demo behaviour}. */
    @Command(
            name = "behaviour",
            description =
                    "A model learns what an animal does from the first part of a video from above, or of a simulated arena, then"
                            + " says live what it does in the rest: in the browser until Ctrl-C, in real time; with --no-dashboard,"
                            + " or when nobody sits at a terminal, as fast as possible. Draws the fit, the states, how long they"
                            + " last, and transitions.",
            mixinStandardHelpOptions = true)
    static final class Behaviour implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(names = "--video", paramLabel = "FILE", description = "Watch this video instead of a simulated arena.")
        private Path video;

        @Option(
                names = "--learn",
                paramLabel = "TIME",
                description = "Stream time to learn from (half of the video; arena: 90s).")
        private String learn;

        @Option(
                names = "--duration",
                paramLabel = "TIME",
                description = "Stream time to watch afterwards (video: the rest; arena: 60s, live without end).")
        private String duration;

        @Option(
                names = "--states",
                paramLabel = "K",
                description = "The most states the model may use (${DEFAULT-VALUE}).")
        private int states = 12;

        @Option(
                names = "--lags",
                paramLabel = "L",
                description = "Steps, of a tenth of a second, that the next one depends on (${DEFAULT-VALUE}).")
        private int lags = 1;

        @Option(
                names = "--kappa",
                paramLabel = "X",
                description = "Stickiness: larger for longer states (${DEFAULT-VALUE}).")
        private double kappa = 100;

        @Option(names = "--sweeps", paramLabel = "N", description = "Sweeps of the fit (${DEFAULT-VALUE}).")
        private long sweeps = 100;

        @Option(names = "--out", paramLabel = "FILE.png", description = "Where to draw (${DEFAULT-VALUE}).")
        private Path out = Path.of("out", "behaviour.png");

        @Option(names = "--parts", description = "Also writes each part of the picture by itself, NAME-PART.png.")
        private boolean parts;

        @Mixin
        private DemoOptions options;

        @Override
        public Integer call() throws IOException, InterruptedException {
            boolean live = options.isLive(duration);
            double learnSeconds = learn != null ? Durations.seconds(learn) : 0;
            double seconds = duration != null ? Durations.seconds(duration) : live || video != null ? 0 : 60;
            PrintWriter text = spec.commandLine().getOut();
            FitProgress progress = FitProgress.ofSweeps(text, 0);
            BehaviourDemo demo = new BehaviourDemo(
                    new BehaviourDemo.Options(
                            video,
                            learnSeconds,
                            seconds,
                            states,
                            lags,
                            kappa,
                            sweeps,
                            options.seed(),
                            options.backend()),
                    out,
                    parts,
                    text);
            return demo.run(
                    sweep -> {
                        progress.show(sweep);
                        if (sweep.iteration() == sweep.iterations()) {
                            progress.end();
                        }
                    },
                    pipeline -> {
                        pipeline.paced(live);
                        options.apply(pipeline, live, live ? BehaviourDemo.live(pipeline) : new String[0]);
                    });
        }
    }

    /** {@code amacrine demo generator}. */
    @Command(
            name = "generator",
            description =
                    "A model learns how activity follows from stimuli and from itself in a recording of a simulated experiment, then"
                            + " generates activity live beside it, from the stimuli alone: in the browser until Ctrl-C, in real time;"
                            + " with --no-dashboard, or when nobody sits at a terminal, for some seconds as fast as possible. Draws"
                            + " the fit, rhythms, true and generated activity.",
            mixinStandardHelpOptions = true)
    static final class Generator implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(
                names = "--learn",
                paramLabel = "TIME",
                description = "Length of the recording to learn from (${DEFAULT-VALUE}).")
        private String learn = "200s";

        @Option(
                names = "--duration",
                paramLabel = "TIME",
                description = "Stream time to generate (45s, live without end).")
        private String duration;

        @Option(names = "--modes", paramLabel = "N", description = "Modes of the activity (${DEFAULT-VALUE}).")
        private int modes = GeneratorDemo.Options.DEFAULT.modes();

        @Option(names = "--iterations", paramLabel = "N", description = "Iterations of the fit (${DEFAULT-VALUE}).")
        private int iterations = GeneratorDemo.Options.DEFAULT.iterations();

        @Option(names = "--out", paramLabel = "FILE.png", description = "Where to draw (${DEFAULT-VALUE}).")
        private Path out = Path.of("out", "generator.png");

        @Option(
                names = "--parts",
                description =
                        "Also writes each part of the picture by itself, NAME-PART.png, and one of wandering bumps.")
        private boolean parts;

        @Mixin
        private DemoOptions options;

        @Override
        public Integer call() throws IOException, InterruptedException {
            boolean live = options.isLive(duration);
            double standard = live ? 0 : GeneratorDemo.Options.DEFAULT.seconds();
            double seconds = duration != null ? Durations.seconds(duration) : standard;
            PrintWriter text = spec.commandLine().getOut();
            FitProgress progress = FitProgress.ofIterations(text, 0);
            GeneratorDemo demo = new GeneratorDemo(
                    new GeneratorDemo.Options(
                            Durations.seconds(learn), seconds, modes, iterations, options.seed(), options.backend()),
                    out,
                    parts,
                    text);
            return demo.run(
                    iteration -> {
                        progress.show(iteration);
                        if (iteration.iteration() == iteration.iterations()) {
                            progress.end();
                        }
                    },
                    pipeline -> options.apply(pipeline.paced(live), live));
        }
    }

    /** {@code amacrine demo epi}. */
    @Command(
            name = "epi",
            description =
                    "A distribution over a model's parameters learns which of them make the model do what it should: entropy,"
                            + " violation and pairs of parameters live in the browser, or with --no-dashboard, or when nobody sits"
                            + " at a terminal, as fast as possible. Takes one to a few minutes. Draws what came of it.",
            mixinStandardHelpOptions = true)
    static final class Epi implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(
                names = "--model",
                paramLabel = "NAME",
                completionCandidates = EpiFitCommand.Models.class,
                description = "A built-in model, ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
        private String model = EpiDemo.Options.DEFAULT.model();

        @Option(names = "--epochs", paramLabel = "K", description = "Epochs of the fit (${DEFAULT-VALUE}).")
        private int epochs = EpiDemo.Options.DEFAULT.epochs();

        @Option(
                names = "--iterations",
                paramLabel = "N",
                description = "Training steps of an epoch (${DEFAULT-VALUE}).")
        private int iterations = EpiDemo.Options.DEFAULT.iterations();

        @Option(
                names = "--init-iterations",
                paramLabel = "N",
                description = "Steps that bring the distribution to a Gaussian before (${DEFAULT-VALUE}).")
        private int initIterations = EpiDemo.Options.DEFAULT.initialIterations();

        @Option(names = "--out", paramLabel = "FILE.png", description = "Where to draw (${DEFAULT-VALUE}).")
        private Path out = Path.of("out", "epi.png");

        @Option(
                names = "--movie",
                paramLabel = "FILE.mp4",
                description = "Writes a video of the distribution as it learns.")
        private Path movie;

        @Mixin
        private DemoOptions options;

        @Override
        public Integer call() throws InterruptedException {
            EpiDemo demo = new EpiDemo(
                    new EpiDemo.Options(model, epochs, iterations, initIterations, options.seed(), options.backend()),
                    out,
                    movie,
                    spec.commandLine().getOut());
            return demo.run(pipeline -> options.apply(
                    pipeline,
                    options.isLive(null),
                    "view.posterior",
                    "view.entropy",
                    "view.violation",
                    "view.statistics",
                    "view.p",
                    "view.penalty"));
        }
    }
}
