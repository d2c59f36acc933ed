// The binary messages of docs/dashboard-protocol.md, version 1: 56 bytes of header, then the payload.

export const IMAGE = 1;
export const SERIES = 2;
export const EVENTS = 3;

const MAGIC = 0xa4;
const VERSION = 1;
const HEADER_BYTES = 56;
const U8 = 0;
const F32 = 1;
const U32_PAIRS = 2;

/**
 * One binary message. The payload is a view of the buffer, not a copy: Uint8Array or Float32Array for images,
 * Float32Array for series, Uint32Array (pairs) for events.
 */
export function decode(buffer) {
    if (buffer.byteLength < HEADER_BYTES) {
        throw new Error(`a message must have at least ${HEADER_BYTES} bytes but has ${buffer.byteLength}`);
    }
    const view = new DataView(buffer);
    if (view.getUint8(0) !== MAGIC || view.getUint8(1) !== VERSION) {
        throw new Error(
            `a message must begin with 0xa4, version 1, but begins with ${view.getUint8(0)}, ${view.getUint8(1)}`
        );
    }
    const format = view.getUint8(3);
    const count = view.getUint32(28, true);
    return {
        kind: view.getUint8(2),
        format,
        stream: view.getUint16(4, true),
        channels: view.getUint16(6, true),
        rows: view.getUint32(8, true),
        columns: view.getUint32(12, true),
        firstFrame: Number(view.getBigUint64(16, true)),
        frames: view.getUint32(24, true),
        count,
        lo: view.getFloat32(32, true),
        hi: view.getFloat32(36, true),
        ageMillis: view.getFloat64(40, true),
        dropped: view.getUint32(48, true),
        run: view.getUint32(52, true),
        payload: payload(buffer, format, count),
    };
}

function payload(buffer, format, count) {
    switch (format) {
        case U8:
            return new Uint8Array(buffer, HEADER_BYTES, count);
        case F32:
            return new Float32Array(buffer, HEADER_BYTES, count);
        case U32_PAIRS:
            return new Uint32Array(buffer, HEADER_BYTES, 2 * count);
        default:
            throw new Error(`the format must be 0, 1 or 2 but is ${format}`);
    }
}

/** The value of an image's pixel; NaN outside. */
export function pixelValue(image, row, column) {
    if (!image || row < 0 || column < 0 || row >= image.rows || column >= image.columns) {
        return NaN;
    }
    const x = image.payload[row * image.columns + column];
    return image.format === U8 ? image.lo + (x / 255) * (image.hi - image.lo) : x;
}
