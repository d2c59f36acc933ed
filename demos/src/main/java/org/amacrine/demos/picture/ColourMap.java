package org.amacrine.demos.picture;

/** Colours for numbers between 0 and 1, mixed from a few anchors. */
public enum ColourMap {
    /** Black to white: luminance. */
    GREY(0x000000, 0xffffff),
    /** Blue over white to red: signals around zero. */
    SIGNED(0x2b4f9e, 0x7fa3d8, 0xf4f4f2, 0xe08a76, 0xa8263c),
    /** Dark over violet and orange to light: currents and rates. */
    HEAT(0x0b0724, 0x5b1a6e, 0xb5367a, 0xf1734c, 0xfcfdbf);

    private final int[] anchors;

    ColourMap(int... anchors) {
        this.anchors = anchors;
    }

    /** The colour as 0xRRGGBB; numbers outside 0 to 1 count as the nearer end. */
    public int rgb(double x) {
        double at = Math.max(0, Math.min(1, x)) * (anchors.length - 1);
        int i = Math.min(anchors.length - 2, (int) at);
        double share = at - i;
        int colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = anchors[i] >> shift & 0xff;
            int b = anchors[i + 1] >> shift & 0xff;
            colour |= (int) Math.round(a + share * (b - a)) << shift;
        }
        return colour;
    }
}
