package org.amacrine.sources.keypoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.amacrine.core.hdf5.Hdf5File;
import org.amacrine.core.io.NdArray;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables in the test resources, whose README says what is in them, and tables that are broken. */
class KeypointFileTest {
    @TempDir
    Path folder;

    static Path resource(String name) {
        try {
            return Path.of(
                    KeypointFileTest.class.getResource("/keypoints/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dlc.csv", "dlc_table.h5", "dlc_fixed.h5"})
    void shouldReadOneAnimalOfDeepLabCut(String name) throws IOException {
        KeypointTable table = KeypointFile.read(resource(name));

        assertEquals(List.of("animal"), table.animals());
        assertEquals(List.of("nose", "tail base"), table.bodyParts());
        assertEquals(4, table.frames());
        assertEquals(12, table.column(2, 0, 0));
        assertEquals(20.5f, table.row(2, 0, 0));
        assertEquals(0.3f, table.confidence(1, 0, 0));
        assertEquals(30.25f, table.column(3, 0, 1));
        assertEquals(0.7f, table.confidence(3, 0, 1));
        assertTrue(Float.isNaN(table.column(2, 0, 1)));
        assertTrue(table.isFound(1, 0, 0, 0.3));
        assertFalse(table.isFound(1, 0, 0, 0.31));
        assertFalse(table.isFound(2, 0, 1, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dlc_multi.csv", "dlc_multi_table.h5", "sleap.analysis.h5", "sleap.analysis.csv"})
    void shouldReadSeveralAnimals(String name) throws IOException {
        KeypointTable table = KeypointFile.read(resource(name));

        assertEquals(List.of("m1", "m2"), table.animals());
        assertEquals(List.of("nose", "tail base"), table.bodyParts());
        assertEquals(4, table.frames());
        for (int t = 0; t < 4; t++) {
            for (int a = 0; a < 2; a++) {
                for (int p = 0; p < 2; p++) {
                    boolean there = !(a == 1 && t == 2);
                    assertEquals(there, table.isFound(t, a, p, 0.5));
                    if (there) {
                        assertEquals(100 * a + 10 * p + t, table.column(t, a, p));
                        assertEquals(100 * a + 10 * p + t + 0.5f, table.row(t, a, p));
                    }
                }
            }
        }
    }

    @Test
    void shouldCountFramesThatAFileLeavesOutAsNotFound() throws IOException {
        Path file = Files.writeString(folder.resolve("gaps.csv"), """
                track,frame_idx,instance.score,nose.x,nose.y,nose.score
                ,3,0.9,1,2,0.8
                ,5,0.9,3,4,
                """);

        KeypointTable table = KeypointFile.read(file);

        assertEquals(List.of("animal"), table.animals());
        assertEquals(6, table.frames());
        assertFalse(table.isFound(4, 0, 0, 0));
        assertEquals(2, table.row(3, 0, 0));
        assertTrue(table.isFound(5, 0, 0, 0.9), "a point whose confidence is not known counts as found");
    }

    @Test
    void shouldNumberTracksWithoutNames() throws IOException {
        Path file = folder.resolve("tracks.h5");
        Hdf5File.write(
                file, Map.of("tracks", new NdArray(new int[] {2, 2, 1, 3}, new double[12]), "names", NdArray.of(1L)));

        TestSources.assertFails(IOException.class, () -> KeypointFile.read(file), "no \"node_names\"", "tracks");
    }

    @Test
    void shouldSayWhatIsWrongWithATable() throws IOException {
        assertFails("a.csv", "x,y\n1,2\n", "is no table of DeepLabCut", "frame_idx");
        assertFails("b.csv", "", "is no table of DeepLabCut");
        assertFails("c.csv", "scorer,a,a\nbodyparts,n,n\ncoords,x,y\n", "has no frames");
        assertFails("d.csv", "scorer,a,a\nbodyparts,n,n\n0,1,2\n", "has no frames");
        assertFails("e.csv", "scorer,a,a\nbodyparts,n,n\ncoords,x,y\n0,1\n", "line 4 has 2", "cut off");
        assertFails("f.csv", "scorer,a,a\nbodyparts,n,n\ncoords,x,y\n0,1,two\n", "\"two\" in column 3");
        assertFails(
                "g.csv",
                "scorer,a,a\nbodyparts,n,n\ncoords,x,likelihood\n0,1,1\n",
                "only one of x and y for animal, n");
        assertFails("h.csv", "scorer,a,a\nbodyparts,n,n\ncoords,x,y\nimg7.png,1,2\n", "\"img7.png\"");
        assertFails("i.csv", "scorer,a,a\nbodyparts,n,n\ncoords,x,y\n-1,1,2\n", "\"-1\"", "whole number from 0 on");
        assertFails("j.csv", "frame_idx,n.x,n.y\n0,1,2\n0,3,4\n", "frame 0 of animal twice");
        assertFails("k.csv", "frame_idx,n.x\n0,1\n", "has x but no y of n");
        assertFails("l.csv", "scorer,a,a\nbodyparts,n,n\ncoords,x,y\n2000000000,1,2\n", "cannot be held");
        assertFails("m.txt", "scorer", "of no known kind");
        assertFails("n.h5", "scorer", "no HDF5 file");
    }

    private void assertFails(String name, String text, String... words) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        TestSources.assertFails(IOException.class, () -> KeypointFile.read(file), words);
        TestSources.assertFails(IOException.class, () -> KeypointFile.read(file), name);
    }

    @Test
    void shouldReadOnlyListsOfTuplesOfWordsAsLabels() throws IOException {
        assertEquals(
                List.of(List.of("net", "nose"), List.of("net", "tail")),
                PandasLabels.read("(lp0\n(Vnet\np1\nVnose\np2\ntp3\na(g1\nVtail\np4\ntp5\na."));
        assertEquals(List.of(), PandasLabels.read("(lp0\n."));
        for (String bad :
                List.of("cos\nsystem\n(S'ls'\ntR.", "(lp0\nVx\n", "a.", "", "(lp0\n(I1\ntp1\na.", "(lp0\nVx\na.")) {
            TestSources.assertFails(IOException.class, () -> PandasLabels.read(bad), "names of the columns");
        }
    }
}
