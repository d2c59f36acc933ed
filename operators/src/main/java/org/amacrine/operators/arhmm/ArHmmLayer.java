package org.amacrine.operators.arhmm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Names;
import org.amacrine.core.layer.Parameter;

/**
 * What the layers of the autoregressive hidden Markov model share: its parameters, a filter for each animal, missing frames,
 * and outputs chosen by name.
 *
 * <p>Input: {@code [D][animals][1]}, in the units that the model was fitted in; one animal in a stream of feature vectors.
 * A frame with a NaN is missing for its animal. An animal joins when it is seen for the first time, with the probabilities of the
 * start and without lags, as one whose stream begins there. Outputs: {@code [values][animals][1]}; NaN where nothing is estimated.
 */
abstract class ArHmmLayer extends BaseLayer {

    /** What an output holds for an animal after a frame. */
    @FunctionalInterface
    interface Writer {
        /** Writes the values of the frame so many frames back; called only when frames are estimated. */
        void write(int animal, int back, double[] values);
    }

    /**
     * An output.
     *
     * @param width values for each animal
     * @param lag how many frames back it tells of
     */
    private record Output(String name, String unit, int width, int lag, Writer writer) {}

    /** In the place of a missing policy: missing values are errors, lost frames are skipped. */
    static final String ERROR = "error";

    private final ArHmmParameters first;
    private final Parameter betas;
    private final Parameter pi;
    private final Parameter ab;
    private final Parameter q;
    private final Parameter missing;
    private final Parameter maxGapFrames;
    private final Parameter start;
    private final Map<String, Output> available = new LinkedHashMap<>();
    private List<Output> outputs = List.of();
    private List<Object> builtFrom = List.of();
    private ArHmmParameters parameters;
    private OnlineModel model;
    private OnlineFilter[] filters;
    private boolean[] isEstimated;
    private double[][] held;
    private double[] values;

    ArHmmLayer(String name, ArHmmParameters parameters) {
        super(name);
        first = parameters;
        this.parameters = parameters;
        int states = parameters.states();
        betas = add(matrix("betas", "Weights of the states in the transition prior"));
        pi = add(matrix("pi", "Transition probabilities, from row to column; rows sum to 1"));
        ab = add(matrix("Ab", "Autoregression of each state: lags in time order, the bias last"));
        q = add(matrix("Q", "Covariance of each state's innovations"));
        missing = add(Parameter.text("missing", ERROR)
                .choices(ERROR, "as-is", "skip", "predict", "integrate")
                .doc("What later frames read as the lags of a missing one; with error, lost frames are skipped"));
        maxGapFrames = add(Parameter.integer("maxGapFrames", 10L * parameters.lags())
                .atLeast(0)
                .doc("Lost frames that are stepped over one by one; after more, lags are gathered anew"));
        start = add(Parameter.text("start", "uniform")
                .choices("uniform", "stationary")
                .doc("Probabilities of the states at the first frame; read when the layer is prepared"));
        showFirst();
        output("filtered", "", states, 0, (a, back, v) -> copyStates(filters[a].filtered(), v));
    }

    /** Gives the arrays that nobody set the values of the model that the layer was made for. */
    private void showFirst() {
        Map<String, NdArray> arrays = first.arrays();
        for (Parameter parameter : List.of(betas, pi, ab, q)) {
            parameter.derive(arrays.get(parameter.name()));
        }
    }

    private static Parameter matrix(String name, String doc) {
        return Parameter.array(name).doublePrecision().doc(doc);
    }

    /** A word of a parameter as a constant's name. */
    static String constant(Parameter parameter) {
        return parameter.text().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** Offers an output. */
    final void output(String name, String unit, int width, int lag, Writer writer) {
        available.put(name, new Output(name, unit, width, lag, writer));
    }

    /** Chooses what is given out, in this order; throws {@link IllegalArgumentException} for an unknown name. */
    final void choose(List<String> names) {
        List<Output> chosen = new ArrayList<>();
        for (String name : names) {
            if (!available.containsKey(name)) {
                throw new IllegalArgumentException("no output \"" + name + "\""
                        + Names.suggest(name, available.keySet()) + "; "
                        + parameters().owner() + " has "
                        + String.join(", ", available.keySet()));
            }
            chosen.add(available.get(name));
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException(
                    parameters().owner() + " needs at least one output; for example filtered");
        }
        outputs = List.copyOf(chosen);
    }

    /** Whether the output was chosen. */
    final boolean gives(String output) {
        return outputs().contains(output);
    }

    final void copyStates(double[] from, double[] to) {
        System.arraycopy(from, 0, to, 0, parameters.states());
    }

    // ------------------------------------------------------------------------------------------------ the layer

    @Override
    public final List<String> outputs() {
        return outputs.stream().map(Output::name).toList();
    }

    @Override
    public final String unit(String output) {
        return available.get(output).unit();
    }

    @Override
    public final boolean takesMissing(String input) {
        return !missing.text().equals(ERROR);
    }

    @Override
    protected void derive() {
        Shape input = context().input();
        if (input.channels() != first.dims() || input.columns() != 1) {
            throw new IllegalArgumentException("a model of " + first.dims() + " dims takes frames of " + first.dims()
                    + "x1x1, or " + first.dims() + "xAx1 for A animals, but was given " + input
                    + "; choose the features that the model was fitted to");
        }
        showFirst();
        List<Object> sources = List.of(betas.value(), pi.value(), ab.value(), q.value());
        if (!sources.equals(builtFrom)) {
            parameters = read();
            builtFrom = sources;
            if (!isPreparing()) {
                modelSet(parameters);
            }
        }
        if (!isPreparing()) {
            for (OnlineFilter filter : filters) {
                filter.options(options(policy()));
            }
        }
    }

    /** The parameters as set; throws {@link IllegalArgumentException} when they are not those of a model of the same size. */
    private ArHmmParameters read() {
        ArHmmParameters set = ArHmmParameters.of(
                (NdArray) betas.value(), (NdArray) pi.value(), (NdArray) ab.value(), (NdArray) q.value());
        if (set.states() != first.states() || set.dims() != first.dims() || set.lags() != first.lags()) {
            throw new IllegalArgumentException("the layer was made for a model of " + first + " but Ab is of " + set
                    + "; make a new layer for another size");
        }
        return set;
    }

    /** Takes over parameters between two frames. */
    void modelSet(ArHmmParameters set) {
        model.set(set);
    }

    private MissingPolicy policy() {
        return missing.has(ERROR) ? MissingPolicy.SKIP : MissingPolicy.valueOf(constant(missing));
    }

    /** What the filters do beyond the model. */
    OnlineFilter.Options options(MissingPolicy policy) {
        return OnlineFilter.Options.of(policy);
    }

    @Override
    protected List<Shape> allocate() {
        int animals = context().input().rows();
        int dims = parameters.dims();
        model = new OnlineModel(parameters, context().kernels());
        filters = new OnlineFilter[animals];
        isEstimated = new boolean[animals];
        held = new double[animals][dims];
        values = new double[outputs.stream().mapToInt(Output::width).max().orElseThrow()];
        for (int a = 0; a < animals; a++) {
            OnlineFilter filter = new OnlineFilter(model, options(policy()), start());
            filters[a] = filter;
            String animal = "animal" + a + ".";
            states().add(
                            animal + "filtered",
                            () -> filter.filtered().clone(),
                            kept -> System.arraycopy(kept, 0, filter.filtered(), 0, kept.length),
                            filter.filtered().length);
            states().add(animal + "lags", filter::save, filter::restore, filter.savedSize());
            states().add(animal + "held", held[a], dims);
            double[] hold = held[a];
            states().onClear(() -> {
                filter.clear();
                Arrays.fill(hold, 0);
            });
        }
        prepareAnimals(animals);
        return outputs.stream()
                .map(output -> new Shape(output.width(), animals, 1))
                .toList();
    }

    /** Probabilities of the states at the first frame. */
    final double[] start() {
        return start.has("uniform")
                ? OnlineFilter.uniform(parameters.states())
                : new TransitionLanes(parameters).stationary();
    }

    /** Allocates what is needed for each animal beyond its filter, and registers its states. */
    void prepareAnimals(int animals) {}

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        Chunk chunk = in[0];
        stepOverGap(chunk.framesLostBefore());
        for (int t = 0; t < chunk.frames(); t++) {
            for (int a = 0; a < filters.length; a++) {
                isEstimated[a] = step(a, chunk.values(), chunk.start(t));
                if (isEstimated[a]) {
                    advance(a);
                }
            }
            tick();
            for (int i = 0; i < out.length; i++) {
                Output output = outputs.get(i);
                write(output, output.lag(), out[i].values(), out[i].start(t));
            }
        }
        for (int i = 0; i < out.length; i++) {
            out[i].delayBy(outputs.get(i).lag());
        }
    }

    private void stepOverGap(long lost) {
        if (lost > maxGapFrames.integer()) {
            for (int a = 0; a < filters.length; a++) {
                if (filters[a].hasBegun()) {
                    filters[a].loseTrack(lost);
                    loseTrack(a);
                }
            }
            return;
        }
        for (long i = 0; i < lost; i++) {
            for (int a = 0; a < filters.length; a++) {
                isEstimated[a] = goOn(a, false);
                if (isEstimated[a]) {
                    advance(a);
                }
            }
            tick();
        }
    }

    /** Filters a frame of an animal; a missing one leaves what was seen last in its place. */
    private boolean step(int animal, float[] frame, int at) {
        int animals = filters.length;
        boolean isObserved = true;
        for (int d = 0; d < parameters.dims(); d++) {
            isObserved &= !Float.isNaN(frame[at + d * animals + animal]);
        }
        for (int d = 0; isObserved && d < parameters.dims(); d++) {
            held[animal][d] = frame[at + d * animals + animal];
        }
        return goOn(animal, isObserved);
    }

    /** Goes on by a frame; not before the animal has joined: until it is seen for the first time nothing is known of it. */
    private boolean goOn(int animal, boolean isObserved) {
        return (isObserved || filters[animal].hasBegun()) && filters[animal].step(held[animal], 0, isObserved);
    }

    @Override
    public final boolean holdsBack() {
        return outputs.stream().anyMatch(output -> output.lag() > 0);
    }

    /** The last frames of lagged outputs, at smaller and smaller lags. */
    @Override
    public final int flush(long given, Chunk[] out) {
        int lag = outputs.stream().mapToInt(Output::lag).max().orElseThrow();
        int count = (int) Math.max(0, lag - given);
        for (Chunk chunk : out) {
            count = Math.min(count, chunk.room());
        }
        for (int a = 0; given == 0 && count > 0 && a < filters.length; a++) {
            isEstimated[a] = filters[a].isEstimating();
            look(a);
        }
        for (int i = 0; i < out.length; i++) {
            Output output = outputs.get(i);
            int frames = (int) Math.max(0, Math.min(count, output.lag() - given));
            out[i].frames(frames);
            for (int t = 0; t < frames; t++) {
                write(output, (int) (output.lag() - 1 - given - t), out[i].values(), out[i].start(t));
            }
            out[i].delayBy(output.lag());
        }
        return count;
    }

    private void write(Output output, int back, float[] to, int at) {
        int animals = filters.length;
        for (int a = 0; a < animals; a++) {
            if (isEstimated[a]) {
                output.writer().write(a, back, values);
            } else {
                Arrays.fill(values, 0, output.width(), Double.NaN);
            }
            int into = at + a;
            for (int i = 0; i < output.width(); i++, into += animals) {
                to[into] = (float) values[i];
            }
        }
    }

    /** Goes on by the frame that the animal's filter has just estimated. */
    void advance(int animal) {}

    /** Computes what lagged outputs read, from the states of the animal alone. */
    void look(int animal) {}

    /** Ends a tick: all animals have gone on by one frame. */
    void tick() {}

    /** The animal was lost for too long to bridge. */
    void loseTrack(int animal) {}

    final OnlineModel model() {
        return model;
    }

    final OnlineFilter[] filters() {
        return filters;
    }

    /** The parameters as given or set. */
    final ArHmmParameters modelParameters() {
        return parameters;
    }
}
