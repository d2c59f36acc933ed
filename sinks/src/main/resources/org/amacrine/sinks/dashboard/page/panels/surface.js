// Draws an image through a colour map, pixel for pixel: with WebGL 2, or on a 2-D canvas where there is none.
//
// Both draw map[255 (gain x + offset)], cut to the map. Here x is in [0, 1] for u8 and the value itself for f32.

const VERTEX = `#version 300 es
void main() {
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    gl_Position = vec4(corner, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
uniform highp sampler2D image;
uniform sampler2D map;
uniform float gain;
uniform float offset;
uniform int rows;
out vec4 color;
void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    float x = texelFetch(image, ivec2(at.x, rows - 1 - at.y), 0).r;
    int entry = int(clamp(gain * x + offset, 0.0, 1.0) * 255.0 + 0.5);
    color = texelFetch(map, ivec2(entry, 0), 0);
}`;

/** Browsers take WebGL away from the oldest canvas beyond some sixteen. */
const MOST_CONTEXTS = 12;
let contexts = 0;

/** "?renderer=2d" in the page's address does without WebGL. */
const WITHOUT_WEBGL = new URLSearchParams(location.search).get('renderer') === '2d';

/** Names of renderers without a graphics card. Not all browsers call theirs a performance caveat. */
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;
let hardware;

/** Whether WebGL is drawn by a graphics card: in software it is slower than a 2-D canvas. Found out once. */
function hasHardware() {
    if (hardware === undefined) {
        const gl = document.createElement('canvas').getContext('webgl2', {failIfMajorPerformanceCaveat: true});
        const info = gl?.getExtension('WEBGL_debug_renderer_info');
        hardware = Boolean(gl) && !SOFTWARE.test(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
        gl?.getExtension('WEBGL_lose_context')?.loseContext();
    }
    return hardware;
}

/** A surface on a canvas that nothing was drawn on before. */
export function makeSurface(canvas) {
    if (contexts < MOST_CONTEXTS && !WITHOUT_WEBGL && hasHardware()) {
        // Kept after drawing, so that the picture can be read back at any time.
        const gl = canvas.getContext('webgl2', {
            alpha: false,
            antialias: false,
            depth: false,
            preserveDrawingBuffer: true,
        });
        if (gl) {
            contexts++;
            return new WebGlSurface(canvas, gl);
        }
    }
    return new CanvasSurface(canvas);
}

class WebGlSurface {
    constructor(canvas, gl) {
        this.renderer = 'webgl';
        this.canvas = canvas;
        this.gl = gl;
        this.shape = '';
        const program = gl.createProgram();
        for (const [type, text] of [
            [gl.VERTEX_SHADER, VERTEX],
            [gl.FRAGMENT_SHADER, FRAGMENT],
        ]) {
            const shader = gl.createShader(type);
            gl.shaderSource(shader, text);
            gl.compileShader(shader);
            gl.attachShader(program, shader);
        }
        gl.linkProgram(program);
        gl.useProgram(program);
        this.uniforms = Object.fromEntries(
            ['image', 'map', 'gain', 'offset', 'rows'].map(name => [name, gl.getUniformLocation(program, name)])
        );
        gl.uniform1i(this.uniforms.image, 0);
        gl.uniform1i(this.uniforms.map, 1);
        gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
        this.mapTexture = this.texture(gl.TEXTURE1);
    }

    texture(unit) {
        const gl = this.gl;
        const texture = gl.createTexture();
        gl.activeTexture(unit);
        gl.bindTexture(gl.TEXTURE_2D, texture);
        for (const [key, value] of [
            [gl.TEXTURE_MIN_FILTER, gl.NEAREST],
            [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
            [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
            [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
        ]) {
            gl.texParameteri(gl.TEXTURE_2D, key, value);
        }
        return texture;
    }

    draw(values, rows, columns, gain, offset, map) {
        const gl = this.gl;
        const float = values instanceof Float32Array;
        const shape = `${rows} ${columns} ${float}`;
        if (shape !== this.shape) {
            this.shape = shape;
            this.canvas.width = columns;
            this.canvas.height = rows;
            gl.viewport(0, 0, columns, rows);
            gl.uniform1i(this.uniforms.rows, rows);
            gl.deleteTexture(this.imageTexture ?? null);
            this.imageTexture = this.texture(gl.TEXTURE0);
            gl.texStorage2D(gl.TEXTURE_2D, 1, float ? gl.R32F : gl.R8, columns, rows);
        }
        if (map !== this.map) {
            this.map = map;
            gl.activeTexture(gl.TEXTURE1);
            gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, map);
        }
        gl.activeTexture(gl.TEXTURE0);
        gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, columns, rows, gl.RED, float ? gl.FLOAT : gl.UNSIGNED_BYTE, values);
        gl.uniform1f(this.uniforms.gain, gain);
        gl.uniform1f(this.uniforms.offset, offset);
        gl.drawArrays(gl.TRIANGLES, 0, 3);
    }

    dispose() {
        contexts--;
        this.gl.getExtension('WEBGL_lose_context')?.loseContext();
    }
}

class CanvasSurface {
    constructor(canvas) {
        this.canvas = canvas;
        this.renderer = '2d';
        this.context = canvas.getContext('2d', {alpha: false});
        this.table = new Uint32Array(256);
    }

    draw(values, rows, columns, gain, offset, map) {
        if (!this.image || this.image.width !== columns || this.image.height !== rows) {
            this.canvas.width = columns;
            this.canvas.height = rows;
            this.image = this.context.createImageData(columns, rows);
            this.pixels = new Uint32Array(this.image.data.buffer);
        }
        const colors = new Uint32Array(map.buffer);
        const {pixels, table} = this;
        if (values instanceof Float32Array) {
            for (let i = 0; i < values.length; i++) {
                pixels[i] = colors[entry(gain * values[i] + offset)];
            }
        } else {
            for (let x = 0; x < 256; x++) {
                table[x] = colors[entry((gain * x) / 255 + offset)];
            }
            for (let i = 0; i < values.length; i++) {
                pixels[i] = table[values[i]];
            }
        }
        this.context.putImageData(this.image, 0, 0);
    }

    dispose() {}
}

function entry(x) {
    return x >= 1 ? 255 : x > 0 ? Math.floor(255 * x + 0.5) : 0;
}
