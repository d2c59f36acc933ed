package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.Npz;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatentModelFileTest {
    @TempDir
    private Path folder;

    private LatentModelFile throughFile(LatentModelFile file) throws IOException {
        Path path = folder.resolve("model.npz");
        file.write(path);
        return LatentModelFile.read(path);
    }

    @Test
    void shouldHoldAModelWithItsModulesAndFeedback() throws IOException {
        LatentRegressionModel model = LatentModels.everything(3);
        List<Feedback> crossed = List.of(new Feedback(0, 1), new Feedback(1, 0));

        LatentModelFile read = throughFile(new LatentModelFile(model, crossed, Map.of("data", "made up")));

        Groups x = LatentModels.random(4, model.dIn(), 1);
        assertArrayEquals(model.forward(x).group(0), read.model().forward(x).group(0));
        assertArrayEquals(model.forward(x).group(1), read.model().forward(x).group(1));
        assertEquals(crossed, read.feedback());
        assertEquals(Map.of("data", "made up"), read.provenance());
        assertEquals(
                StateDict.arrays(model.stateDict()),
                StateDict.arrays(read.model().stateDict()));
    }

    @Test
    void shouldHoldModelsWithPartsUnassignedOrShared() throws IOException {
        LatentRegressionModel.Builder builder = LatentModels.plain(3, 2)
                .useScales(true)
                .assign(Kind.SCALES, false)
                .directPairs(List.of());
        GroupMap linear = new LinearMap(new int[] {2}, new int[] {2}, false, new RandomSequence().start(1, 0));
        SharedMLatentRegressionModel model = new SharedMLatentRegressionModel(builder, linear, new IdentityMap());

        SharedMLatentRegressionModel read = (SharedMLatentRegressionModel)
                throughFile(LatentModelFile.of(model)).model();

        assertNull(read.tensor(Kind.SCALES, 0));
        assertTrue(read.uses(Kind.SCALES));
        assertTrue(read.uses(Kind.DIRECT_MAPPINGS));
        assertEquals(StateDict.arrays(model.stateDict()), StateDict.arrays(read.stateDict()));
        assertEquals(1, read.specificMParameters().size());
    }

    @Test
    void shouldRefuseWhatIsNoModel() throws IOException {
        Path path = folder.resolve("model.npz");

        assertRefuses("no model.json", path, Map.of());
        assertRefuses("is of the format \"null\", not \"amacrine-latent/1\"", path, Map.of("model.json", "{}"));
        assertRefuses("reads up to", path, Map.of("model.json", "{\"format\": \"amacrine-latent/2\"}"));
        assertRefuses(
                "d_in must be a list but is 3",
                path,
                Map.of("model.json", "{\"format\": \"amacrine-latent/1\", \"d_in\": 3}"));
    }

    private static void assertRefuses(String expected, Path path, Map<String, String> texts) throws IOException {
        Npz.write(path, Map.of(), texts);
        IOException e = assertThrows(IOException.class, () -> LatentModelFile.read(path));
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }
}
