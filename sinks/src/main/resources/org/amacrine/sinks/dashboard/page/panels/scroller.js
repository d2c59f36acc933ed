// A picture of the last seconds that scrolls: a bitmap used as a ring along time, so that only what is new is drawn.

export class Scroller {
    /** @param {number} windowSteps steps across the bitmap */
    constructor(windowSteps) {
        this.windowSteps = windowSteps;
        this.bitmap = document.createElement('canvas');
        this.context = this.bitmap.getContext('2d');
        this.newest = -1;
    }

    /** Keeps what was drawn, stretched to the new size. */
    resize(width, height) {
        if ((width === this.bitmap.width && height === this.bitmap.height) || width < 1 || height < 1) {
            return;
        }
        const old = document.createElement('canvas');
        old.width = this.bitmap.width;
        old.height = this.bitmap.height;
        old.getContext('2d').drawImage(this.bitmap, 0, 0);
        this.bitmap.width = width;
        this.bitmap.height = height;
        this.context.drawImage(old, 0, 0, width, height);
    }

    get width() {
        return this.bitmap.width;
    }

    get height() {
        return this.bitmap.height;
    }

    clear() {
        this.context.clearRect(0, 0, this.width, this.height);
        this.newest = -1;
    }

    /** Left edge of a step, in bitmap pixels. */
    columnOf(step) {
        return Math.floor(((step % this.windowSteps) * this.width) / this.windowSteps);
    }

    /** Makes room up to a step; what was there a window ago is wiped. */
    advance(step) {
        if (step > this.newest) {
            this.fill(this.newest < 0 ? step - 1 : this.newest, step, null);
            this.newest = step;
        }
    }

    /** Fills the columns of steps from (inclusive) to (exclusive); a color of null wipes. */
    fill(from, to, color, top = 0, height = this.height) {
        if (to - from >= this.windowSteps) {
            this.paint(0, this.width, color, top, height);
            return;
        }
        const left = this.columnOf(from);
        const right = this.columnOf(to);
        if (right >= left) {
            this.paint(left, right - left, color, top, height);
        } else {
            this.paint(left, this.width - left, color, top, height);
            this.paint(0, right, color, top, height);
        }
    }

    paint(left, width, color, top, height) {
        if (color === null) {
            this.context.clearRect(left, top, width, height);
        } else {
            this.context.fillStyle = color;
            this.context.fillRect(left, top, width, height);
        }
    }

    /** Draws the ring with a step at the right edge, by default the newest. */
    blit(target, x, y, width, height, shown = this.newest) {
        if (this.newest < 0 || width <= 0 || height <= 0) {
            return;
        }
        const scale = width / this.width;
        const cut = this.columnOf(shown);
        const ahead = (this.columnOf(this.newest) - cut + this.width) % this.width; // columns newer than what is shown
        const start = cut + ahead;
        const copy = (from, to, left) => {
            if (to > from) {
                target.drawImage(
                    this.bitmap,
                    from,
                    0,
                    to - from,
                    this.height,
                    x + left * scale,
                    y,
                    (to - from) * scale,
                    height
                );
            }
        };
        copy(start, this.width, ahead);
        const wrapped = Math.max(0, start - this.width);
        copy(wrapped, cut, this.width - cut + wrapped);
    }
}
