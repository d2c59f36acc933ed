package org.amacrine.core.layer;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;

/** What most differentiable layers share: whether gradients are kept, and the guard before {@link #backward}. */
public abstract class DifferentiableBaseLayer extends BaseLayer implements DifferentiableLayer {
    private boolean asked;
    private boolean kept;

    /**
     * A layer that is not prepared yet and keeps no gradients.
     *
     * @param name what it is called in messages
     */
    protected DifferentiableBaseLayer(String name) {
        super(name);
    }

    @Override
    public void keepGradients(boolean keep) {
        asked = keep;
        parameters().all().values().forEach(parameter -> parameter.keepGradient(keep));
    }

    @Override
    protected final List<Shape> allocate() {
        kept = asked;
        return allocate(kept);
    }

    /**
     * Allocates arrays and registers states; returns the shapes of the outputs.
     *
     * @param forGradients whether what {@link #adjoint} needs is to be allocated too
     */
    protected abstract List<Shape> allocate(boolean forGradients);

    /** Whether the layer is prepared to give gradients: {@code process} then keeps what {@link #adjoint} needs. */
    protected final boolean keepsGradients() {
        return isPreparing() ? asked : kept;
    }

    @Override
    public final void backward(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        if (!kept) {
            throw new IllegalStateException(parameters().owner()
                    + " was prepared without gradients; call keepGradients(true) before it is prepared");
        }
        adjoint(gradientsOut, gradientsIn);
    }

    /** {@link #backward} of a layer that keeps gradients. */
    protected abstract void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn);
}
