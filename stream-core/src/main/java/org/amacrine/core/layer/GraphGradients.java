package org.amacrine.core.layer;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Kernels;

/**
 * The way back through a {@link Graph}: the gradient of each signal is the sum of what comes back from all that take it, in one
 * fixed order: graph outputs first, then the nodes, the last one first.
 *
 * <p>Owned by the operator's thread.
 */
final class GraphGradients {
    private final List<Graph.Node> nodes;
    private final List<Graph.Origin> outputs;
    private final Kernels kernels;
    /** Sum for each output of each node. */
    private final Chunk[][] sums;
    /** What a layer writes when the sum has a part already, for each of its inputs; null where it never has. */
    private final Chunk[][] parts;
    /** Whether another input of the same node, before this one, takes the same signal. */
    private final boolean[][] repeats;
    /** Whether a node has parameters to fit. */
    private final boolean[] trains;
    /** Whether a node has to be gone back through in this call. */
    private final boolean[] needed;
    /** Arguments of each layer's backward; filled in anew for each call. */
    private final Chunk[][] wanted;
    /** Whether a sum has its first part, for each output of each node, then for the inputs of the graph. */
    private final boolean[][] begun;

    GraphGradients(
            LayerContext context, List<Graph.Node> nodes, List<List<Shape>> shapes, Collection<Graph.Origin> outputs) {
        this.nodes = nodes;
        this.outputs = List.copyOf(outputs);
        kernels = context.kernels();
        sums = new Chunk[nodes.size()][];
        parts = new Chunk[nodes.size()][];
        wanted = new Chunk[nodes.size()][];
        repeats = new boolean[nodes.size()][];
        trains = new boolean[nodes.size()];
        needed = new boolean[nodes.size()];
        begun = new boolean[nodes.size() + 1][];
        begun[nodes.size()] = new boolean[context.inputs().size()];
        for (int i = 0; i < nodes.size(); i++) {
            Graph.Node node = nodes.get(i);
            sums[i] = chunks(shapes.get(i), context.maxFrames());
            begun[i] = new boolean[sums[i].length];
            wanted[i] = new Chunk[node.inputs().size()];
            parts[i] = new Chunk[node.inputs().size()];
            repeats[i] = new boolean[node.inputs().size()];
            trains[i] = node.layer().parameters().all().values().stream()
                    .anyMatch(parameter -> parameter.isTrainable() && !parameter.isFrozen());
            for (int port = 0; port < parts[i].length; port++) {
                Graph.Origin origin = node.inputs().get(port);
                repeats[i][port] = node.inputs().indexOf(origin) < port;
                if (isTakenElsewhere(origin, i, port)) {
                    Shape shape = origin.node() < 0
                            ? context.inputs().get(origin.port())
                            : shapes.get(origin.node()).get(origin.port());
                    parts[i][port] = Chunk.unpooled(shape, context.maxFrames());
                }
            }
        }
    }

    private static Chunk[] chunks(List<Shape> shapes, int frames) {
        return shapes.stream().map(shape -> Chunk.unpooled(shape, frames)).toArray(Chunk[]::new);
    }

    private boolean isTakenElsewhere(Graph.Origin origin, int node, int port) {
        for (int i = 0; i < nodes.size(); i++) {
            List<Graph.Origin> inputs = nodes.get(i).inputs();
            for (int j = 0; j < inputs.size(); j++) {
                if ((i != node || j != port) && inputs.get(j).equals(origin)) {
                    return true;
                }
            }
        }
        return outputs.contains(origin);
    }

    void backward(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        for (boolean[] flags : begun) {
            Arrays.fill(flags, false);
        }
        for (int i = 0; i < nodes.size(); i++) {
            needed[i] = trains[i];
            List<Graph.Origin> inputs = nodes.get(i).inputs();
            for (int port = 0; port < inputs.size(); port++) {
                needed[i] |= isNeeded(inputs.get(port), gradientsIn);
            }
        }
        for (int i = 0; i < gradientsOut.length; i++) {
            Graph.Origin origin = outputs.get(i);
            if (isNeeded(origin, gradientsIn)) {
                Chunk sum = sum(origin, gradientsIn);
                sum.headerFrom(gradientsOut[i]);
                add(gradientsOut[i], sum, begun(origin));
                setBegun(origin);
            }
        }
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (needed[i]) {
                backward(i, gradientsOut[0], gradientsIn);
            }
        }
        for (int port = 0; port < gradientsIn.length; port++) {
            if (gradientsIn[port] != null && !begun[nodes.size()][port]) {
                clear(gradientsIn[port], gradientsOut[0]);
            }
        }
    }

    private void backward(int i, Chunk header, Chunk[] gradientsIn) {
        for (int port = 0; port < sums[i].length; port++) {
            if (!begun[i][port]) {
                clear(sums[i][port], header);
            }
        }
        List<Graph.Origin> inputs = nodes.get(i).inputs();
        for (int port = 0; port < inputs.size(); port++) {
            Graph.Origin origin = inputs.get(port);
            Chunk sum = isNeeded(origin, gradientsIn) ? sum(origin, gradientsIn) : null;
            wanted[i][port] = sum != null && (begun(origin) || repeats[i][port]) ? parts[i][port] : sum;
            if (sum != null) {
                wanted[i][port].headerFrom(header);
            }
        }
        ((DifferentiableLayer) nodes.get(i).layer()).backward(sums[i], wanted[i]);
        for (int port = 0; port < inputs.size(); port++) {
            Graph.Origin origin = inputs.get(port);
            if (wanted[i][port] != null) {
                Chunk sum = sum(origin, gradientsIn);
                if (wanted[i][port] != sum) {
                    add(wanted[i][port], sum, true);
                }
                setBegun(origin);
            }
        }
    }

    /** Whether the gradient of a signal is of use: it leads to parameters to fit, or to an input whose gradient is wanted. */
    private boolean isNeeded(Graph.Origin origin, Chunk[] gradientsIn) {
        return origin.node() < 0 ? gradientsIn[origin.port()] != null : needed[origin.node()];
    }

    private Chunk sum(Graph.Origin origin, Chunk[] gradientsIn) {
        return origin.node() < 0 ? gradientsIn[origin.port()] : sums[origin.node()][origin.port()];
    }

    private boolean begun(Graph.Origin origin) {
        return begun[origin.node() < 0 ? nodes.size() : origin.node()][origin.port()];
    }

    private void setBegun(Graph.Origin origin) {
        begun[origin.node() < 0 ? nodes.size() : origin.node()][origin.port()] = true;
    }

    /** Adds a part to a sum, or begins the sum with it. */
    private void add(Chunk part, Chunk sum, boolean begun) {
        int count = part.frames() * part.shape().values();
        if (begun) {
            kernels.addScaled(
                    sum.values(),
                    sum.start(0),
                    part.values(),
                    part.start(0),
                    sum.values(),
                    sum.start(0),
                    1,
                    count,
                    0,
                    count,
                    1f);
        } else {
            System.arraycopy(part.values(), part.start(0), sum.values(), sum.start(0), count);
        }
    }

    private static void clear(Chunk chunk, Chunk header) {
        chunk.headerFrom(header);
        Arrays.fill(
                chunk.values(),
                chunk.start(0),
                chunk.start(0) + chunk.frames() * chunk.shape().values(),
                0f);
    }
}
