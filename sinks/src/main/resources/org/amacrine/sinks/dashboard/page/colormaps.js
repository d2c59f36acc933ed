// Colour maps of 256 entries, RGBA, interpolated between a few colours.

const ANCHORS = {
    grey: ['#000000', '#ffffff'],
    heat: ['#000000', '#4a0c1c', '#96201a', '#dc5a14', '#f9a81e', '#fce57a', '#ffffff'],
    signed: ['#08306b', '#2166ac', '#6baed6', '#c6dbef', '#f4f4f2', '#f7cbb0', '#e8825d', '#b2182b', '#5c0a17'],
    viridis: ['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#addc30', '#fde725'],
};

export const MAP_NAMES = Object.keys(ANCHORS);

const made = new Map();

export function colorMap(name) {
    if (!made.has(name)) {
        made.set(name, interpolate(ANCHORS[name] ?? ANCHORS.grey));
    }
    return made.get(name);
}

/** The map from left to right, for the colour bar. */
export function gradient(name) {
    return `linear-gradient(to right, ${(ANCHORS[name] ?? ANCHORS.grey).join(', ')})`;
}

function interpolate(anchors) {
    const colors = anchors.map(hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16)));
    const map = new Uint8Array(4 * 256);
    for (let i = 0; i < 256; i++) {
        const place = (i / 255) * (colors.length - 1);
        const left = Math.min(Math.floor(place), colors.length - 2);
        for (let c = 0; c < 3; c++) {
            map[4 * i + c] = Math.round(colors[left][c] + (place - left) * (colors[left + 1][c] - colors[left][c]));
        }
        map[4 * i + 3] = 255;
    }
    return map;
}
