package org.amacrine.core.layer;

import java.util.List;
import org.amacrine.core.chunk.Shape;

/**
 * What most layers share: the two trees, and kernels that are built again whenever the resolution or a parameter changes.
 */
public abstract class BaseLayer implements Layer {
    private final ParameterTree parameters;
    private final StateTree states;
    private LayerContext context;
    private boolean building;

    /**
     * A layer that is not prepared yet.
     *
     * @param name what it is called in messages
     */
    protected BaseLayer(String name) {
        parameters = new ParameterTree(name, "amacrine params " + name);
        states = new StateTree(name);
    }

    /** Adds a parameter; {@link #derive()} runs after each change of it. */
    protected final Parameter add(Parameter parameter) {
        return parameters.add(parameter.onChange(this::changed));
    }

    private void changed() {
        if (context != null && !building) {
            derive();
        }
    }

    @Override
    public final List<Shape> prepare(LayerContext newContext) {
        building = true;
        try {
            context = newContext;
            states.removeAll();
            derive();
            List<Shape> shapes = allocate();
            states.clear();
            return shapes;
        } finally {
            building = false;
        }
    }

    /** What the layer is prepared for; null before. */
    protected final LayerContext context() {
        return context;
    }

    /** Whether {@link #prepare} is under way: sizes may still change. */
    protected final boolean isPreparing() {
        return building;
    }

    /**
     * Builds kernels and coefficients from the parameters and the resolution. Runs before {@link #allocate()} and after each
     * change of a parameter; throws {@link IllegalArgumentException} when the layer cannot work with them.
     */
    protected void derive() {}

    /** Allocates arrays and registers states; returns the shapes of the outputs. */
    protected abstract List<Shape> allocate();

    @Override
    public final ParameterTree parameters() {
        return parameters;
    }

    @Override
    public final StateTree states() {
        return states;
    }
}
