package org.amacrine.sinks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.amacrine.core.component.Component;
import org.amacrine.core.component.Components;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.sinks.arrays.ArraySink;
import org.amacrine.sinks.arrays.Hdf5Sink;
import org.amacrine.sinks.arrays.InrSink;
import org.amacrine.sinks.console.ConsoleSink;
import org.amacrine.sinks.dashboard.Dashboard;
import org.amacrine.sinks.dashboard.DashboardSettings;
import org.amacrine.sinks.events.SpikeListSink;
import org.amacrine.sinks.images.AnimationSink;
import org.amacrine.sinks.images.Brightness;
import org.amacrine.sinks.images.ImageSequenceSink;
import org.amacrine.sinks.video.VideoCodec;
import org.amacrine.sinks.video.VideoSink;

/** The sinks of this module: {@code array}, {@code hdf5}, {@code inr}, {@code spikes}, {@code images}, {@code animation}, {@code video}, {@code console}, {@code dashboard}. */
public final class SinkComponents implements Components {

    @Override
    public List<Component<ChunkSink>> sinks() {
        return List.of(array(), hdf5(), inr(), spikes(), images(), animation(), video(), console(), dashboard());
    }

    private static Component<ChunkSink> array() {
        return Component.of(
                "array",
                "NumPy arrays, one for each signal",
                settings -> new ArraySink(settings.get("file").text())
                        .overwrite(settings.get("overwrite").isOn()),
                () -> Parameter.text("file", null)
                        .required()
                        .doc("x.npy for one signal, x.npz for several, or a folder x/ for NAME.npy of each"),
                SinkComponents::overwrite);
    }

    private static Component<ChunkSink> hdf5() {
        return Component.of(
                "hdf5",
                "An array of one signal in an HDF5 file",
                settings -> new Hdf5Sink(
                                path(settings, "file"), settings.get("dataset").text())
                        .compress(settings.get("compress").isOn())
                        .overwrite(settings.get("overwrite").isOn()),
                () -> Parameter.text("file", null).required().doc("File to write, for example images.h5"),
                () -> Parameter.text("dataset", "images").alias("data_set_name").doc("Path of the array in the file"),
                () -> Parameter.flag("compress", false).doc("Whether frames are compressed, 200 together"),
                SinkComponents::overwrite);
    }

    private static Component<ChunkSink> inr() {
        return Component.of(
                "inr",
                "One signal as an INRIMAGE-4 file",
                settings -> new InrSink(
                                path(settings, "file"),
                                InrSink.Count.valueOf(settings.get("count").text()))
                        .overwrite(settings.get("overwrite").isOn()),
                () -> Parameter.text("file", null).required().doc("File to write, for example images.inr"),
                () -> Parameter.text("count", "VDIM")
                        .choices("VDIM", "ZDIM")
                        .doc("Key of the header that counts the frames"),
                SinkComponents::overwrite);
    }

    private static Component<ChunkSink> spikes() {
        return Component.of(
                "spikes",
                "Spikes of all signals as CSV: time in seconds, row, column, channel",
                settings -> new SpikeListSink(path(settings, "file"))
                        .threshold(settings.get("threshold").number())
                        .names(settings.get("names").isOn())
                        .overwrite(settings.get("overwrite").isOn()),
                () -> Parameter.text("file", null).required().doc("File to write, for example spikes.csv"),
                () -> Parameter.number("threshold", 0.5).doc("Values above it are spikes"),
                () -> Parameter.flag("names", false).doc("Whether a fifth column holds the signal's short name"),
                SinkComponents::overwrite);
    }

    private static Component<ChunkSink> images() {
        return Component.of(
                "images",
                "Numbered pictures of one signal",
                settings -> new ImageSequenceSink(path(settings, "folder"))
                        .prefix(settings.get("prefix").text())
                        .format(settings.get("format").text())
                        .every(settings.get("every").integer())
                        .brightness(brightness(settings))
                        .overwrite(settings.get("overwrite").isOn()),
                () -> Parameter.text("folder", null).required().doc("Folder to write to"),
                () -> Parameter.text("prefix", "frame").doc("First part of the file names, before _000000123.png"),
                () -> Parameter.text("format", "png")
                        .choices(ImageSequenceSink.FORMATS.toArray(String[]::new))
                        .doc("Format of the pictures"),
                SinkComponents::every,
                SinkComponents::scale,
                SinkComponents::min,
                SinkComponents::max,
                SinkComponents::overwrite);
    }

    private static Component<ChunkSink> animation() {
        return Component.of(
                "animation",
                "Animation of one signal: a GIF, or a page with a player",
                settings -> new AnimationSink(path(settings, "file"))
                        .framesPerSecond(settings.get("framesPerSecond").number())
                        .every(settings.get("every").integer())
                        .brightness(brightness(settings))
                        .zoom(settings.get("zoom").integer())
                        .overwrite(settings.get("overwrite").isOn()),
                () -> Parameter.text("file", null).required().doc("File to write, .gif or .html"),
                () -> Parameter.number("framesPerSecond", 10)
                        .atLeast(0.01)
                        .atMost(50)
                        .unit("Hz")
                        .doc("Frames shown per second, whatever the rate of the signal"),
                SinkComponents::every,
                SinkComponents::scale,
                SinkComponents::min,
                SinkComponents::max,
                SinkComponents::zoom,
                SinkComponents::overwrite);
    }

    private static Component<ChunkSink> video() {
        List<String> codecs = new ArrayList<>(List.of("auto"));
        for (VideoCodec codec : VideoCodec.values()) {
            codecs.add(codec.word());
        }
        return Component.of(
                "video",
                "Video of one signal",
                SinkComponents::makeVideo,
                () -> Parameter.text("file", null).required().doc("File to write, .mp4 or .mkv"),
                () -> Parameter.number("framesPerSecond", 25)
                        .above(0)
                        .atMost(1000)
                        .unit("Hz")
                        .doc("Frames shown per second of video, whatever the rate of the signal"),
                SinkComponents::every,
                () -> Parameter.text("codec", "auto")
                        .choices(codecs.toArray(String[]::new))
                        .doc("Codec; auto takes ffv1 (lossless) for .mkv and h264 or else mpeg4 for .mp4"),
                () -> Parameter.integer("quality", 90)
                        .atLeast(1)
                        .atMost(100)
                        .doc("How much h264 and mpeg4 keep: 1 for the smallest file, 100 for the best picture"),
                SinkComponents::scale,
                SinkComponents::min,
                SinkComponents::max,
                SinkComponents::zoom,
                SinkComponents::overwrite);
    }

    private static ChunkSink makeVideo(ParameterTree settings) {
        VideoSink sink = new VideoSink(path(settings, "file"))
                .framesPerSecond(settings.get("framesPerSecond").number())
                .every(settings.get("every").integer())
                .quality(settings.get("quality").integer())
                .brightness(brightness(settings))
                .zoom(settings.get("zoom").integer())
                .overwrite(settings.get("overwrite").isOn());
        for (VideoCodec codec : VideoCodec.values()) {
            if (settings.get("codec").has(codec.word())) {
                sink.codec(codec);
            }
        }
        return sink;
    }

    private static Component<ChunkSink> console() {
        return Component.of(
                "console",
                "A line about each signal, again and again",
                settings -> new ConsoleSink(settings.get("everySeconds").number()),
                () -> Parameter.number("everySeconds", 1).above(0).unit("s").doc("Stream time between lines"));
    }

    private static Component<ChunkSink> dashboard() {
        return Component.of(
                "dashboard",
                "A page in the browser to watch and steer the pipeline; take everything with from: \"*\"",
                SinkComponents::makeDashboard,
                () -> Parameter.text("host", "127.0.0.1")
                        .doc("Address to listen on; anything but a loopback address needs a token to see"),
                () -> Parameter.integer("port", DashboardSettings.DEFAULT_PORT)
                        .atLeast(0)
                        .atMost(65_535)
                        .doc("Port to listen on; 0 for any free one"),
                () -> Parameter.text("controlToken", "").doc("Allows steering; random when empty"),
                () -> Parameter.text("viewToken", "")
                        .doc("Allows seeing; when empty random, or none on a loopback address"),
                () -> Parameter.text("names", "").several().doc("Host names it is known by, separated by commas"),
                () -> Parameter.text("keyStore", "").doc("PKCS#12 file with a certificate, for TLS"),
                () -> Parameter.text("keyStorePassword", "").doc("Password of the file"),
                () -> Parameter.integer("bytesPerSecond", DashboardSettings.DEFAULT_BYTES_PER_SECOND)
                        .atLeast(10_000)
                        .doc("What each viewer is sent at most"));
    }

    private static ChunkSink makeDashboard(ParameterTree settings) {
        String keyStore = settings.get("keyStore").text();
        String names = settings.get("names").text();
        return new Dashboard(new DashboardSettings(
                settings.get("host").text(),
                settings.get("port").integer(),
                settings.get("controlToken").text(),
                settings.get("viewToken").text(),
                names.isEmpty()
                        ? List.of()
                        : List.of(names.toLowerCase(Locale.ROOT).split(",")),
                keyStore.isEmpty() ? null : Path.of(keyStore),
                settings.get("keyStorePassword").text(),
                (long) settings.get("bytesPerSecond").number()));
    }

    private static Parameter overwrite() {
        return Parameter.flag("overwrite", true).doc("Whether what exists already is replaced");
    }

    private static Parameter every() {
        return Parameter.integer("every", 1).atLeast(1).doc("Take only frames whose index is a multiple of this");
    }

    private static Parameter scale() {
        return Parameter.text("scale", "auto")
                .choices("auto", "fixed")
                .doc("Black and white: auto for the range of each frame, fixed for min and max");
    }

    private static Parameter zoom() {
        return Parameter.integer("zoom", 1).atLeast(1).doc("Columns and rows of the picture for each pixel of a frame");
    }

    private static Parameter min() {
        return Parameter.number("min", 0).doc("Value that becomes black when the scale is fixed");
    }

    private static Parameter max() {
        return Parameter.number("max", 1).doc("Value that becomes white when the scale is fixed");
    }

    private static Brightness brightness(ParameterTree settings) {
        Parameter min = settings.get("min");
        Parameter max = settings.get("max");
        if (settings.get("scale").has("fixed")) {
            return Brightness.fixed(min.number(), max.number());
        }
        if (!min.isDefault() || !max.isDefault()) {
            throw new IllegalArgumentException("min and max have no effect with scale auto; set scale to fixed");
        }
        return Brightness.OF_EACH_FRAME;
    }

    private static Path path(ParameterTree settings, String name) {
        return Path.of(settings.get(name).text());
    }
}
