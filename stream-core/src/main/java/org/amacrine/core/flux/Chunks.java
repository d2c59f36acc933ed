package org.amacrine.core.flux;

import org.amacrine.core.chunk.Chunk;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** What every place where chunks can get lost has in common: they come home. */
final class Chunks {
    private Chunks() {}

    /** A context that releases chunks which operators upstream throw away, at a cancellation or an error. */
    static Context releasing(Context context) {
        return Operators.enableOnDiscard(context, Chunks::discard);
    }

    static void discard(Object thrownAway) {
        if (thrownAway instanceof Chunk chunk) {
            chunk.release();
        }
    }
}
