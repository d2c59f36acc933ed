package org.amacrine.core.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.layer.Names;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.ring.Interpolation;
import org.amacrine.core.ring.Overflow;

/**
 * The immutable blueprint of a run: a source, layers, sinks, and how they are connected. Built in Java or read from a YAML
 * file with the same words ({@link PipelineFile}); valid as a whole, or not there at all. A {@link Runner} executes it.
 *
 * @param name what it is called
 * @param resolution pixels per degree and steps per second
 * @param dt frames per chunk
 * @param seed seed of all random numbers
 * @param backend name of the backend, or {@code auto}
 * @param workers threads that share a frame; 0 for one for each processor
 * @param paced whether frames come in real time; otherwise as fast as they are taken
 * @param durationSeconds stream time after which the run ends; 0 for no limit
 * @param overflow what happens to frames for which the ring has no room
 * @param ringFrames frames that can wait in the ring, a power of two
 * @param interpolation what a step shows when source and model have different rates
 * @param source the source
 * @param layers the layers, each after those that it takes signals from
 * @param sinks the sinks
 */
public record Pipeline(
        String name,
        Resolution resolution,
        int dt,
        long seed,
        String backend,
        int workers,
        boolean paced,
        double durationSeconds,
        Overflow overflow,
        int ringFrames,
        Interpolation interpolation,
        Stage source,
        List<Stage> layers,
        List<Stage> sinks) {

    /** Begins a blueprint with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with this blueprint. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.options.forEach((key, option) -> option.set(optionValue(key)));
        builder.source = source;
        builder.layers.addAll(layers);
        builder.sinks.addAll(sinks);
        return builder;
    }

    private Object optionValue(String key) {
        return switch (key) {
            case "name" -> name;
            case "pixelsPerDegree" -> resolution.pixelsPerDegree();
            case "stepsPerSecond" -> resolution.stepsPerSecond();
            case "filterEpsilon" -> resolution.filterEpsilon();
            case "dt" -> dt;
            case "seed" -> Long.toString(seed);
            case "backend" -> backend;
            case "workers" -> workers;
            case "paced" -> Boolean.toString(paced);
            case "durationSeconds" -> durationSeconds;
            case "overflow" -> word(overflow);
            case "ringFrames" -> ringFrames;
            default -> word(interpolation);
        };
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** Model steps after which the run ends, or {@link Long#MAX_VALUE}. */
    public long maxSteps() {
        return durationSeconds == 0 ? Long.MAX_VALUE : Math.round(durationSeconds * resolution.stepsPerSecond());
    }

    /** Name of the source in the pipeline. */
    public String sourceName() {
        return source.name();
    }

    /** The options that are not stages, with their defaults, for documentation and files. */
    public static ParameterTree options() {
        ParameterTree tree = new ParameterTree("pipeline");
        new Builder().options.values().forEach(tree::add);
        return tree;
    }

    /** Collects a blueprint; {@link #build()} checks it whole. */
    public static final class Builder {
        private final Map<String, Parameter> options = new LinkedHashMap<>();
        private final List<PipelineException.Problem> problems = new ArrayList<>();
        private Stage source;
        private final List<Stage> layers = new ArrayList<>();
        private final List<Stage> sinks = new ArrayList<>();

        private Builder() {
            option(Parameter.text("name", "pipeline").doc("What the pipeline is called"));
            option(Parameter.number("pixelsPerDegree", Resolution.DEFAULT.pixelsPerDegree())
                    .above(0)
                    .unit("1/deg")
                    .doc("Pixels per degree of visual angle"));
            option(Parameter.number("stepsPerSecond", Resolution.DEFAULT.stepsPerSecond())
                    .above(0)
                    .unit("Hz")
                    .doc("Model steps per second"));
            option(Parameter.number("filterEpsilon", Resolution.DEFAULT.filterEpsilon())
                    .above(0)
                    .doc("Level below which kernels are cut off"));
            option(Parameter.integer("dt", 100)
                    .atLeast(1)
                    .atMost(1 << 20)
                    .unit("frames")
                    .doc("Frames per chunk: latency against throughput, no number changes"));
            option(Parameter.text("seed", "0").checked(Builder::wholeNumber).doc("Seed of all random numbers"));
            option(Parameter.text("backend", "auto").doc("Where kernels run"));
            option(Parameter.integer("workers", 0)
                    .atLeast(0)
                    .atMost(1024)
                    .doc("Threads that share a frame; 0 for one for each processor"));
            option(Parameter.flag("paced", false).doc("Real time, or as fast as possible"));
            option(Parameter.number("durationSeconds", 0)
                    .atLeast(0)
                    .unit("s")
                    .doc("Stream time after which the run ends; 0 for no limit"));
            option(Parameter.text("overflow", "block")
                    .choices("block", "drop-oldest", "drop-newest", "fail")
                    .doc("What happens to frames for which the ring has no room"));
            option(Parameter.integer("ringFrames", 64)
                    .atLeast(2)
                    .atMost(1 << 20)
                    .checked(Builder::powerOfTwo)
                    .doc("Frames that can wait in the ring, a power of two"));
            option(Parameter.text("interpolation", "hold")
                    .choices("hold", "linear")
                    .doc("What a step shows when source and model have different rates"));
        }

        private void option(Parameter parameter) {
            options.put(parameter.name(), parameter);
        }

        private static Object wholeNumber(Object text) {
            try {
                Long.parseLong((String) text);
                return text;
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "seed must be a whole number but was \"" + text + "\"; for example 1", e);
            }
        }

        private static Object powerOfTwo(Object number) {
            int frames = ((Double) number).intValue();
            if (Integer.bitCount(frames) != 1) {
                throw new IllegalArgumentException(
                        "ringFrames must be a power of two but was " + frames + "; for example 64");
            }
            return number;
        }

        /** Sets an option by its name; what is wrong with it is told by {@link #build()}. */
        public Builder set(String option, Object value) {
            Parameter parameter = options.get(option);
            if (parameter == null) {
                problem(
                        option,
                        "no such option" + Names.suggest(option, options.keySet()) + "; there are "
                                + String.join(", ", options.keySet()));
                return this;
            }
            try {
                parameter.set(value);
            } catch (IllegalArgumentException e) {
                problem(option, e.getMessage());
            }
            return this;
        }

        void problem(String path, String message) {
            problems.add(new PipelineException.Problem(path, 0, message));
        }

        /** What it is called. */
        public Builder name(String value) {
            return set("name", value);
        }

        /** Pixels per degree and steps per second. */
        public Builder resolution(double pixelsPerDegree, double stepsPerSecond) {
            return set("pixelsPerDegree", pixelsPerDegree).set("stepsPerSecond", stepsPerSecond);
        }

        /** Frames per chunk. */
        public Builder dt(int frames) {
            return set("dt", frames);
        }

        /** Seed of all random numbers. */
        public Builder seed(long value) {
            return set("seed", Long.toString(value));
        }

        /** Name of the backend, or {@code auto}. */
        public Builder backend(String value) {
            return set("backend", value);
        }

        /** Threads that share a frame. */
        public Builder workers(int count) {
            return set("workers", count);
        }

        /** Real time, or as fast as possible. */
        public Builder paced(boolean yes) {
            return set("paced", yes);
        }

        /** Stream time after which the run ends. */
        public Builder durationSeconds(double seconds) {
            return set("durationSeconds", seconds);
        }

        /** The source. */
        public Builder source(Stage stage) {
            source = stage;
            return this;
        }

        /** One more layer. */
        public Builder layer(Stage stage) {
            layers.add(stage);
            return this;
        }

        /** One more sink. */
        public Builder sink(Stage stage) {
            sinks.add(stage);
            return this;
        }

        /**
         * Changes one thing by its path: an option, {@code stage.setting} or {@code stage.parameter}.
         *
         * @throws IllegalArgumentException when there is no such stage
         */
        public Builder change(String path, Object value, Catalog catalog) {
            if (options.containsKey(path)) {
                return set(path, value);
            }
            int dot = path.indexOf('.');
            String stage = dot < 0 ? path : path.substring(0, dot);
            String key = dot < 0 ? "" : path.substring(dot + 1);
            String sourceName = source == null || source.name() == null ? "source" : source.name();
            if (stage.equals(sourceName)) {
                source = source.setting(key, value);
                return this;
            }
            for (int i = 0; i < layers.size(); i++) {
                Stage layer = layers.get(i);
                if (stage.equals(PipelineCheck.nameOf(layer))) {
                    boolean isSetting = layer.type() != null
                            && catalog.layer(layer.type()).settings().resolve(key) != null;
                    layers.set(i, isSetting ? layer.setting(key, value) : layer.parameter(key, value));
                    return this;
                }
            }
            for (int i = 0; i < sinks.size(); i++) {
                if (stage.equals(PipelineCheck.nameOf(sinks.get(i)))) {
                    sinks.set(i, sinks.get(i).setting(key, value));
                    return this;
                }
            }
            List<String> known = new ArrayList<>(options.keySet());
            known.add(sourceName);
            layers.forEach(layer -> known.add(PipelineCheck.nameOf(layer)));
            sinks.forEach(sink -> known.add(PipelineCheck.nameOf(sink)));
            throw new IllegalArgumentException("no option or stage \"" + stage + "\"" + Names.suggest(stage, known)
                    + "; there are " + String.join(", ", known));
        }

        /** The blueprint, checked against the catalog of the class path; throws {@link PipelineException} with all problems. */
        public Pipeline build() {
            return build(Catalog.load());
        }

        /** The blueprint, checked; throws {@link PipelineException} with all problems. */
        public Pipeline build(Catalog catalog) {
            PipelineCheck check = new PipelineCheck(catalog, problems);
            Stage namedSource = check.source(source);
            List<Stage> namedLayers =
                    check.feedback(check.layers(layers), options.get("dt").integer());
            List<Stage> namedSinks = check.sinks(sinks);
            check.backend(options.get("backend").text());
            if (!check.problems().isEmpty()) {
                throw new PipelineException("pipeline " + options.get("name").text(), check.problems());
            }
            return new Pipeline(
                    options.get("name").text(),
                    new Resolution(
                            options.get("pixelsPerDegree").number(),
                            options.get("stepsPerSecond").number(),
                            options.get("filterEpsilon").number()),
                    options.get("dt").integer(),
                    Long.parseLong(options.get("seed").text()),
                    options.get("backend").text(),
                    options.get("workers").integer(),
                    options.get("paced").isOn(),
                    options.get("durationSeconds").number(),
                    Overflow.valueOf(constant("overflow")),
                    options.get("ringFrames").integer(),
                    Interpolation.valueOf(constant("interpolation")),
                    namedSource,
                    List.copyOf(namedLayers),
                    List.copyOf(namedSinks));
        }

        private String constant(String option) {
            return options.get(option).text().toUpperCase(java.util.Locale.ROOT).replace('-', '_');
        }
    }
}
