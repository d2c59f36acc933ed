package org.amacrine.core.layer;

import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;

/**
 * A model between chunker and sink: takes chunks, gives chunks of the same frames. Plain and single-threaded; it knows
 * nothing of threads, streams or files, and {@link org.amacrine.core.flux.LayerOperator} turns any layer into an operator.
 *
 * <p>Laws: any chunking gives the same output, bit for bit; parameters, states and seed determine what follows; after
 * {@code prepare} nothing is allocated in steady state.
 *
 * <p>Owned by one thread at a time.
 */
public interface Layer {

    /** Names of the inputs, one chunk of each goes into every {@link #process}. */
    default List<String> inputs() {
        return List.of("input");
    }

    /** Names of the outputs, one chunk of each comes out of every {@link #process}. */
    default List<String> outputs() {
        return List.of("output");
    }

    /** Unit of an output's values; empty for plain numbers. */
    default String unit(String output) {
        return "";
    }

    /**
     * Whether NaN in an input stands for a missing value, which the layer deals with; else it is an error. Infinity always
     * is one.
     */
    default boolean takesMissing(String input) {
        return false;
    }

    /**
     * Builds kernels, allocates memory, and goes to the beginning. May be called again, with another shape or resolution.
     *
     * @return the shapes of the outputs, in the order of {@link #outputs()}
     * @throws IllegalArgumentException when the layer cannot work on such frames
     */
    List<Shape> prepare(LayerContext context);

    /**
     * Computes the next frames. Allocates nothing, waits for nothing, keeps none of the arguments. The output chunks have
     * room for the frames, and their headers are filled in by the caller. A layer that finds in the middle of a chunk that it
     * cannot go on throws a {@link LayerException} with the number of frames that it did, so that these are given out.
     *
     * @param in one chunk for each input, all of the same frames
     * @param out one chunk for each output
     */
    void process(Chunk[] in, Chunk[] out);

    /** Whether some outputs tell of earlier frames than those that came in, so that {@link #flush} has something to give out. */
    default boolean holdsBack() {
        return false;
    }

    /**
     * Gives out the next frames that the layer still holds back when its stream has ended, such as states that it tells some
     * frames later: as if so many frames more had come in, without looking at any. Called again until nothing is left; a layer
     * that holds nothing back has nothing to do. Allocates nothing.
     *
     * @param given frames given out since the stream ended
     * @param out one chunk for each output, without frames, with the header of what would come next; receives frames as far as
     *     it has room for them, or stays without where the output holds nothing back any more
     * @return the most frames that an output received; 0 when nothing is left
     */
    default int flush(long given, Chunk[] out) {
        return 0;
    }

    /** What a person may set. */
    ParameterTree parameters();

    /** What lives between chunks. */
    StateTree states();

    /**
     * Offline use: pushes an array through in chunks of {@code dt} frames, on the best backend, with default resolution and
     * seed 0. See {@link LayerRun} for more choice.
     *
     * @return the arrays of all outputs, by name
     */
    default Map<String, Frames> run(Frames input, int dt) {
        return LayerRun.of(parameters().owner(), this).dt(dt).apply(input);
    }
}
