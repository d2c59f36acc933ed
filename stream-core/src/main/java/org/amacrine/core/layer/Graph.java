package org.amacrine.core.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;

/**
 * Layers connected by name, as one layer: chains, branches and whatever else has no cycle. Parameters and states appear
 * under {@code node.name}.
 *
 * <p>Because no layer's numbers depend on the chunk length, a graph cuts each chunk into slices so small that what passes
 * between its layers stays in the processor's cache.
 *
 * <p>A graph of differentiable layers is one: gradients go back through its layers in reverse order, and are summed where a
 * signal goes several ways. Chunks are not cut then, for no gradient flows from one slice into another.
 *
 * <p>Owned by the operator's thread.
 */
public final class Graph implements DifferentiableLayer {
    /** Values of the largest frames that a slice should hold at most; slices have at least one frame. */
    private static final int SLICE_VALUES = 1 << 16;

    /** Where a signal comes from: output {@code port} of node {@code node}, or input {@code port} where node is -1. */
    record Origin(int node, int port) {}

    /** A layer in its place. */
    record Node(String name, Layer layer, List<Origin> inputs) {}

    private final String name;
    private final List<String> inputNames;
    private final List<Node> nodes;
    private final Map<String, Origin> outputs;
    private final boolean slices;
    private final ParameterTree parameters;
    private final StateTree states;

    private String path;
    private int sliceFrames;
    private Chunk[] inputWindows;
    private Chunk[] outputWindows;
    private Chunk[][] nodeInputs;
    private Chunk[][] nodeOutputs;
    /** What passes between the nodes: windows on memory of one slice each. */
    private final List<Chunk> betweenWindows = new ArrayList<>();

    private final List<Chunk> between = new ArrayList<>();
    /** Frames that each node gave out since the stream ended. */
    private long[] given;
    /** Index of the frame that each node's inputs go on with. */
    private long[] nextFrames;
    /** For each output: the window of another output to copy from, or null when a node writes into it. */
    private Chunk[] copiedFrom;

    private boolean keepsGradients;
    /** The way back; null when no gradients are kept. */
    private GraphGradients gradients;

    private Graph(Builder builder) {
        name = builder.name;
        inputNames = List.copyOf(builder.inputs);
        nodes = List.copyOf(builder.nodes);
        outputs = new LinkedHashMap<>(builder.outputs);
        slices = builder.slices;
        parameters = builder.parameters;
        states = new StateTree(name);
    }

    /** Begins a graph. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** The layers one after the other, each fed by the first output of the one before. */
    public static Graph sequential(String name, Map<String, Layer> layers) {
        Builder builder = builder(name);
        String from = "input";
        for (Map.Entry<String, Layer> entry : layers.entrySet()) {
            builder.node(entry.getKey(), entry.getValue(), List.of(from));
            from = entry.getKey();
        }
        return builder.output("output", from).build();
    }

    /** The layers side by side on the same input; each gives an output of its own name. */
    public static Graph parallel(String name, Map<String, Layer> layers) {
        Builder builder = builder(name);
        for (Map.Entry<String, Layer> entry : layers.entrySet()) {
            builder.node(entry.getKey(), entry.getValue(), List.of("input")).output(entry.getKey(), entry.getKey());
        }
        return builder.build();
    }

    /** Collects inputs, nodes and outputs. Signals are named {@code input}, {@code node} (its first output) or {@code node.output}. */
    public static final class Builder {
        private final String name;
        private final List<String> inputs = new ArrayList<>();
        private final List<Node> nodes = new ArrayList<>();
        private final Map<String, Origin> signals = new LinkedHashMap<>();
        private final Map<String, Origin> outputs = new LinkedHashMap<>();
        private final ParameterTree parameters;
        private boolean slices = true;

        private Builder(String name) {
            this.name = name;
            this.parameters = new ParameterTree(name, "amacrine params " + name);
            signals.put("input", new Origin(-1, 0));
        }

        /** Names an input; without any there is one, {@code input}. */
        public Builder input(String input) {
            signals.put(input, new Origin(-1, inputs.size()));
            inputs.add(input);
            return this;
        }

        /**
         * Adds a layer.
         *
         * @param node its name, under which its parameters and states appear
         * @param from the signals it takes
         * @param otherNames names under which the reference knows it
         */
        public Builder node(String node, Layer layer, List<String> from, String... otherNames) {
            List<Origin> origins = from.stream().map(this::signal).toList();
            if (origins.size() != layer.inputs().size()) {
                throw new IllegalArgumentException("node " + node + " of " + name + " takes the inputs "
                        + layer.inputs() + " but was given " + from);
            }
            if (signals.containsKey(node)) {
                throw new IllegalArgumentException("two signals of " + name + " are called " + node);
            }
            List<String> ports = layer.outputs();
            for (int port = 0; port < ports.size(); port++) {
                signals.put(node + "." + ports.get(port), new Origin(nodes.size(), port));
            }
            signals.put(node, new Origin(nodes.size(), 0));
            nodes.add(new Node(node, layer, origins));
            parameters.mount(node, layer.parameters(), otherNames);
            return this;
        }

        /** Makes a signal an output. */
        public Builder output(String output, String signal) {
            if (outputs.putIfAbsent(output, signal(signal)) != null) {
                throw new IllegalArgumentException("two outputs of " + name + " are called " + output);
            }
            return this;
        }

        /** Gives every chunk whole to the layers: for layers that depend on where chunks begin. */
        public Builder withoutSlices() {
            slices = false;
            return this;
        }

        private Origin signal(String signal) {
            Origin origin = signals.get(signal);
            if (origin == null) {
                throw new IllegalArgumentException(
                        "no signal \"" + signal + "\" in " + name + Names.suggest(signal, signals.keySet()));
            }
            return origin;
        }

        /** The graph; throws {@link IllegalArgumentException} when it has no output. */
        public Graph build() {
            if (outputs.isEmpty()) {
                throw new IllegalArgumentException(name + " has no output; name one with output(name, signal)");
            }
            if (inputs.isEmpty()) {
                inputs.add("input");
            }
            return new Graph(this);
        }
    }

    @Override
    public List<String> inputs() {
        return inputNames;
    }

    @Override
    public List<String> outputs() {
        return List.copyOf(outputs.keySet());
    }

    @Override
    public ParameterTree parameters() {
        return parameters;
    }

    @Override
    public StateTree states() {
        return states;
    }

    @Override
    public String unit(String output) {
        Origin origin = outputs.get(output);
        if (origin == null || origin.node < 0) {
            return "";
        }
        Layer layer = nodes.get(origin.node).layer;
        return layer.unit(layer.outputs().get(origin.port));
    }

    /** Whether all layers that take this input do. */
    @Override
    public boolean takesMissing(String input) {
        Origin origin = new Origin(-1, inputNames.indexOf(input));
        return nodes.stream().allMatch(node -> {
            for (int port = 0; port < node.inputs.size(); port++) {
                if (node.inputs.get(port).equals(origin)
                        && !node.layer.takesMissing(node.layer.inputs().get(port))) {
                    return false;
                }
            }
            return true;
        });
    }

    @Override
    public List<Shape> prepare(LayerContext context) {
        path = context.path();
        sliceFrames = slices && !keepsGradients ? sliceFrames(context) : context.maxFrames();
        inputWindows = windows(inputNames.size());
        outputWindows = windows(outputs.size());
        nodeInputs = new Chunk[nodes.size()][];
        nodeOutputs = new Chunk[nodes.size()][];
        given = new long[nodes.size()];
        nextFrames = new long[nodes.size()];
        states.removeAll();
        List<List<Shape>> shapes = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            List<Shape> in = node.inputs.stream()
                    .map(o -> o.node < 0
                            ? context.inputs().get(o.port)
                            : shapes.get(o.node).get(o.port))
                    .toList();
            List<Shape> out = prepareNode(node, context.part(node.name, in).withMaxFrames(sliceFrames));
            shapes.add(out);
            states.mount(node.name, node.layer.states());
            nodeInputs[i] = new Chunk[in.size()];
            nodeOutputs[i] = new Chunk[out.size()];
        }
        List<Shape> result = connect(context, shapes);
        gradients = keepsGradients ? new GraphGradients(context, nodes, shapes, outputs.values()) : null;
        states.clear();
        return result;
    }

    private int sliceFrames(LayerContext context) {
        int largest = context.inputs().stream().mapToInt(Shape::values).max().orElse(1);
        return Math.max(1, Math.min(context.maxFrames(), SLICE_VALUES / largest));
    }

    private static List<Shape> prepareNode(Node node, LayerContext context) {
        try {
            return node.layer.prepare(context);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer " + context.path() + ": " + e.getMessage(), e);
        }
    }

    /** Gives each node output a place: the window of a graph output, or memory for one slice. */
    private List<Shape> connect(LayerContext context, List<List<Shape>> shapes) {
        List<Shape> result = new ArrayList<>();
        copiedFrom = new Chunk[outputs.size()];
        betweenWindows.clear();
        between.clear();
        int index = 0;
        for (Origin origin : outputs.values()) {
            if (origin.node < 0) {
                copiedFrom[index] = inputWindows[origin.port];
                result.add(context.inputs().get(origin.port));
            } else {
                Chunk placed = nodeOutputs[origin.node][origin.port];
                if (placed == null) {
                    nodeOutputs[origin.node][origin.port] = outputWindows[index];
                } else {
                    copiedFrom[index] = placed;
                }
                result.add(shapes.get(origin.node).get(origin.port));
            }
            index++;
        }
        for (int i = 0; i < nodes.size(); i++) {
            for (int port = 0; port < nodeOutputs[i].length; port++) {
                if (nodeOutputs[i][port] == null) {
                    nodeOutputs[i][port] = Chunk.window();
                    betweenWindows.add(nodeOutputs[i][port]);
                    between.add(Chunk.unpooled(shapes.get(i).get(port), sliceFrames));
                }
            }
            for (int port = 0; port < nodeInputs[i].length; port++) {
                Origin origin = nodes.get(i).inputs.get(port);
                nodeInputs[i][port] =
                        origin.node < 0 ? inputWindows[origin.port] : nodeOutputs[origin.node][origin.port];
            }
        }
        return result;
    }

    private static Chunk[] windows(int count) {
        Chunk[] windows = new Chunk[count];
        for (int i = 0; i < count; i++) {
            windows[i] = Chunk.window();
        }
        return windows;
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        int frames = in[0].frames();
        for (int from = 0; from < frames; from += sliceFrames) {
            int count = Math.min(sliceFrames, frames - from);
            for (int i = 0; i < in.length; i++) {
                inputWindows[i].show(in[i], from, count);
            }
            for (int i = 0; i < out.length; i++) {
                outputWindows[i].show(out[i], from, count);
            }
            showBetween(count);
            LayerException failure = processNodes(from);
            copyOutputs();
            for (int i = 0; from == 0 && i < out.length; i++) {
                out[i].delayBy(out[i].firstFrame() - outputWindows[i].firstFrame());
            }
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** Null when all is well; else what went wrong, when all nodes have done the frames before it. */
    private LayerException processNodes(int from) {
        LayerException failure = null;
        for (int i = 0; i < nodes.size(); i++) {
            try {
                processNode(i);
            } catch (LayerException e) {
                failure = e;
                int done = e.framesDone();
                e.framesDone(from + done);
                if (done == 0) {
                    throw e;
                }
                keep(inputWindows, done);
                for (Chunk[] windows : nodeOutputs) {
                    keep(windows, done);
                }
            }
        }
        return failure;
    }

    private static void keep(Chunk[] windows, int frames) {
        for (Chunk window : windows) {
            window.frames(frames);
        }
    }

    private void showBetween(int frames) {
        for (int i = 0; i < between.size(); i++) {
            betweenWindows.get(i).show(between.get(i), 0, frames);
        }
    }

    /** Fills the outputs that no node writes into; takes over what their origin's header says. */
    private void copyOutputs() {
        for (int i = 0; i < copiedFrom.length; i++) {
            if (copiedFrom[i] != null) {
                outputWindows[i].headerFrom(copiedFrom[i]);
                System.arraycopy(
                        copiedFrom[i].values(),
                        copiedFrom[i].start(0),
                        outputWindows[i].values(),
                        outputWindows[i].start(0),
                        copiedFrom[i].frames() * outputWindows[i].shape().values());
            }
        }
    }

    private void processNode(int i) {
        Chunk[] in = nodeInputs[i];
        for (Chunk chunk : nodeOutputs[i]) {
            chunk.headerFrom(in[0]);
        }
        nextFrames[i] = in[0].endFrame();
        try {
            requireSameFrames(in);
            nodes.get(i).layer.process(in, nodeOutputs[i]);
        } catch (LayerException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new LayerException(path + "." + nodes.get(i).name, in[0].firstFrame(), e.getMessage(), e);
        }
    }

    private static void requireSameFrames(Chunk[] in) {
        for (Chunk chunk : in) {
            if (chunk.firstFrame() != in[0].firstFrame() || chunk.frames() != in[0].frames()) {
                throw new IllegalArgumentException("its inputs must hold the same frames but were " + in[0] + " and "
                        + chunk + "; delay both alike");
            }
        }
    }

    @Override
    public void keepGradients(boolean keep) {
        for (Node node : nodes) {
            if (node.layer instanceof DifferentiableLayer layer) {
                layer.keepGradients(keep);
            } else if (keep) {
                throw new IllegalArgumentException("layer " + node.name + " of " + name
                        + " gives no gradients; fit the layers before it, as a graph of their own");
            }
        }
        keepsGradients = keep;
    }

    @Override
    public void backward(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        if (gradients == null) {
            throw new IllegalStateException(
                    name + " was prepared without gradients; call keepGradients(true) before it is prepared");
        }
        gradients.backward(gradientsOut, gradientsIn);
    }

    @Override
    public boolean holdsBack() {
        return nodes.stream().anyMatch(node -> node.layer.holdsBack());
    }

    /** Each node gives out what it holds back when those before it have; what these give it, it processes as ever. */
    @Override
    public int flush(long givenBefore, Chunk[] out) {
        if (givenBefore == 0) {
            Arrays.fill(given, 0);
        }
        for (Chunk window : inputWindows) {
            window.frames(0);
        }
        int room = sliceFrames;
        for (Chunk chunk : out) {
            room = Math.min(room, chunk.room());
        }
        for (int i = 0; i < out.length; i++) {
            outputWindows[i].show(out[i], 0, room);
        }
        showBetween(room);
        int most = 0;
        for (int i = 0; i < nodes.size(); i++) {
            most = Math.max(most, hasFrames(nodeInputs[i]) ? flushThrough(i) : flushNode(i));
        }
        copyOutputs();
        for (int i = 0; i < out.length; i++) {
            out[i].frames(outputWindows[i].frames());
            out[i].delayBy(out[i].firstFrame() - outputWindows[i].firstFrame());
        }
        return most;
    }

    private static boolean hasFrames(Chunk[] chunks) {
        for (Chunk chunk : chunks) {
            if (chunk.frames() > 0) {
                return true;
            }
        }
        return false;
    }

    private int flushThrough(int i) {
        processNode(i);
        return nodeInputs[i][0].frames();
    }

    private int flushNode(int i) {
        for (Chunk chunk : nodeOutputs[i]) {
            chunk.begin(nextFrames[i] + given[i], 0);
        }
        try {
            int count = nodes.get(i).layer.flush(given[i], nodeOutputs[i]);
            given[i] += count;
            return count;
        } catch (LayerException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new LayerException(path + "." + nodes.get(i).name, nextFrames[i], e.getMessage(), e);
        }
    }
}
