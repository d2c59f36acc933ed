package org.amacrine.sources.keypoints;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Names;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.Settings;
import org.amacrine.sources.arrays.ArraySource;

/**
 * Plays keypoints that were tracked in a video, from a file that {@link KeypointFile} reads. A frame holds column and row of
 * each body part, in pixels: 2 P x 1 x 1 for one animal, 2 P x A x 1 for all A of them, with row a for animal a. Both are
 * missing, NaN, where the point was not found, or with less confidence than asked for.
 */
public final class KeypointSource implements FrameSource {
    private static final String ALL = "all";

    private final Path file;
    private final String animal;
    private final String bodyParts;
    private final double minConfidence;
    private final long repeat;
    private final double framesPerSecond;
    private final double startSeconds;
    private ArraySource player;

    private KeypointSource(ParameterTree chosen) {
        file = Path.of(chosen.get("file").text());
        animal = chosen.get("animal").text();
        bodyParts = chosen.get("bodyParts").text();
        minConfidence = chosen.get("minConfidence").number();
        repeat = (long) chosen.get("repeat").number();
        framesPerSecond = chosen.get("framesPerSecond").number();
        startSeconds = chosen.get("startSeconds").number();
    }

    /** Source {@code keypoints}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "keypoints",
                "Body parts tracked in a video, from DeepLabCut or SLEAP, .csv or .h5",
                KeypointSource::new,
                () -> Parameter.text("file", null).required().doc("The .csv or .h5 file"),
                () -> Parameter.text("animal", "")
                        .doc("Name of the animal; empty for the only one, all for every one side by side"),
                () -> Parameter.text("bodyParts", "").doc("Names of body parts, separated by commas; empty for all"),
                () -> Parameter.number("minConfidence", 0.5)
                        .atLeast(0)
                        .atMost(1)
                        .alias("pcutoff", "conf_threshold")
                        .doc("Points with less confidence are missing"),
                () -> Parameter.integer("repeat", 1)
                        .atLeast(0)
                        .atMost(Integer.MAX_VALUE)
                        .alias("loop")
                        .doc("How often to play it; 0 for without end"),
                Settings.framesPerSecond(),
                () -> Parameter.number("startSeconds", 0)
                        .unit("s")
                        .atLeast(0)
                        .atMost(1e9)
                        .doc("Where to begin, each time"));
    }

    @Override
    public SourceFormat open(SourceContext context) throws IOException {
        close();
        player = new ArraySource(frames(KeypointFile.read(file)), repeat, framesPerSecond, startSeconds);
        return player.open(context);
    }

    private Frames frames(KeypointTable table) {
        List<Integer> animals = chosenAnimals(table);
        List<Integer> parts = new ArrayList<>();
        for (String name : bodyParts.isEmpty() ? table.bodyParts() : List.of(bodyParts.split("\\s*,\\s*"))) {
            parts.add(index("body part", name, table.bodyParts()));
        }
        Frames frames = Frames.zeros(new Shape(2 * parts.size(), animals.size(), 1), table.frames());
        int i = 0;
        for (int t = 0; t < table.frames(); t++) {
            for (int part : parts) {
                for (int a : animals) {
                    boolean found = table.isFound(t, a, part, minConfidence);
                    frames.values()[i] = found ? table.column(t, a, part) : Float.NaN;
                    frames.values()[i + animals.size()] = found ? table.row(t, a, part) : Float.NaN;
                    i++;
                }
                i += animals.size();
            }
        }
        return frames;
    }

    private List<Integer> chosenAnimals(KeypointTable table) {
        List<Integer> animals = new ArrayList<>();
        if (animal.equals(ALL)) {
            for (int a = 0; a < table.animals().size(); a++) {
                animals.add(a);
            }
        } else if (!animal.isEmpty()) {
            animals.add(index("animal", animal, table.animals()));
        } else if (table.animals().size() == 1) {
            animals.add(0);
        } else {
            throw new IllegalArgumentException(
                    file + " has the animals " + table.animals() + "; choose one of them, or all");
        }
        return animals;
    }

    private int index(String what, String name, List<String> names) {
        int index = names.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no " + what + " \"" + name + "\" in " + file
                    + Names.suggest(name, names) + "; there are " + names);
        }
        return index;
    }

    @Override
    public boolean read(Frame frame) throws IOException {
        if (player == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        return player.read(frame);
    }

    @Override
    public void close() throws IOException {
        if (player != null) {
            player.close();
            player = null;
        }
    }
}
