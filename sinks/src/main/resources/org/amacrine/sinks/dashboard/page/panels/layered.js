// Places the boxes of a small directed graph in layers.

/**
 * Stages come as {name, from: [names of outputs], feedback: [{input, from, delayFrames}]}, the last of these not always. Gives
 * {boxes: [{stage, layer, place}], edges: [{from, to}], loops: [{from, to, input, delayFrames}], layers, places}: layer along
 * the flow, place across it. An edge joins two stages once, however many outputs it carries; loops go back and place nothing.
 */
export function layered(stages) {
    const boxes = new Map(stages.map(stage => [stage.name, {stage, layer: 0, place: 0}]));
    const edges = [];
    for (const stage of stages) {
        for (const name of new Set(stage.from.map(output => stageOf(output, boxes)))) {
            if (name !== null && name !== stage.name) {
                edges.push({from: boxes.get(name), to: boxes.get(stage.name)});
            }
        }
    }
    const loops = stages.flatMap(stage =>
        (stage.feedback ?? [])
            .map(back => ({...back, from: boxes.get(stageOf(back.from, boxes)), to: boxes.get(stage.name)}))
            .filter(loop => loop.from)
    );
    // The longest path from a source; as many rounds as there are stages bound it, whatever the graph.
    for (let round = 0; round < stages.length; round++) {
        for (const {from, to} of edges) {
            to.layer = Math.min(stages.length - 1, Math.max(to.layer, from.layer + 1));
        }
    }
    const layers = [];
    boxes.forEach(box => (layers[box.layer] ??= []).push(box));
    const places = Math.max(1, ...layers.map(layer => layer?.length ?? 0));
    // Each box goes near the middle of what feeds it; a few sweeps are enough for pipelines.
    for (let sweep = 0; sweep < 4; sweep++) {
        for (const layer of layers.filter(Boolean)) {
            for (const box of layer) {
                const near = edges
                    .filter(edge => edge.to === box || (sweep > 0 && edge.from === box))
                    .map(edge => (edge.to === box ? edge.from : edge.to).place);
                box.wish = near.length ? near.reduce((sum, place) => sum + place, 0) / near.length : box.place;
            }
            layer.sort((a, b) => a.wish - b.wish);
            layer.forEach((box, i) => (box.place = i + (places - layer.length) / 2));
        }
    }
    return {boxes: [...boxes.values()], edges, loops, layers: layers.length, places};
}

/** The stage an output such as "retina.ganglion_spikes_ON" belongs to: the longest name that begins it. */
function stageOf(output, boxes) {
    let name = output;
    while (!boxes.has(name)) {
        const dot = name.lastIndexOf('.');
        if (dot < 0) {
            return null;
        }
        name = name.slice(0, dot);
    }
    return name;
}
