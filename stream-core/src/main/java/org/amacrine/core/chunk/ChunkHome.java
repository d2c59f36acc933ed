package org.amacrine.core.chunk;

/** Where a chunk goes when its last holder releases it. */
interface ChunkHome {

    /** Takes the chunk back. */
    void put(Chunk chunk);
}
