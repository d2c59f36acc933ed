// Moves panels: by dragging the title bar (with a finger: its handle), or with the arrow keys on the handle.

const THRESHOLD_PIXELS = 6;

export function makeMovable(grid, entry, element, bar, handle) {
    let start = null;
    let moving = false;

    // The window listens, since a capture is lost when its element moves within the page.
    const follow = event => {
        if (!moving && Math.hypot(event.clientX - start.x, event.clientY - start.y) > THRESHOLD_PIXELS) {
            moving = true;
            element.classList.add('moving');
        }
        if (moving) {
            const under = grid.entries.find(
                other => other !== entry && within(other.element.getBoundingClientRect(), event)
            );
            if (under && settles(element, under.element, event)) {
                grid.move(entry, grid.entries.indexOf(under));
            }
        }
    };
    const end = () => {
        window.removeEventListener('pointermove', follow);
        window.removeEventListener('pointerup', end);
        window.removeEventListener('pointercancel', end);
        if (moving) {
            moving = false;
            element.classList.remove('moving');
            grid.save();
        }
    };
    bar.addEventListener('pointerdown', event => {
        const onHandle = handle.contains(event.target);
        const onButton = event.target.closest('button') && !onHandle;
        if (event.button === 0 && !onButton && (onHandle || event.pointerType === 'mouse')) {
            start = {x: event.clientX, y: event.clientY};
            window.addEventListener('pointermove', follow);
            window.addEventListener('pointerup', end);
            window.addEventListener('pointercancel', end);
        }
    });

    handle.addEventListener('keydown', event => {
        const at = grid.entries.indexOf(entry);
        const to = {
            ArrowLeft: at - 1,
            ArrowUp: at - 1,
            ArrowRight: at + 1,
            ArrowDown: at + 1,
            Home: 0,
            End: grid.entries.length - 1,
        }[event.key];
        if (to !== undefined) {
            event.preventDefault();
            grid.move(entry, to);
            grid.save();
            handle.focus(); // moving an element in the page takes the focus away
            element.scrollIntoView({block: 'nearest'});
        }
    });
}

function within(rect, event) {
    return (
        event.clientX >= rect.left &&
        event.clientX < rect.right &&
        event.clientY >= rect.top &&
        event.clientY < rect.bottom
    );
}

/**
 * Between panels of different size a swap may bring the other one under the pointer again; so the pointer has to be past
 * its middle.
 */
function settles(own, other, event) {
    const a = own.getBoundingClientRect();
    const b = other.getBoundingClientRect();
    if (Math.abs(a.width - b.width) < 2 && Math.abs(a.height - b.height) < 2) {
        return true;
    }
    const forward = own.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
    const past =
        Math.abs(a.top - b.top) < 2 ? event.clientX - (b.left + b.width / 2) : event.clientY - (b.top + b.height / 2);
    return forward ? past > 0 : past < 0;
}
