package org.amacrine.operators.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.Parameter;
import org.amacrine.operators.models.Cascades;
import org.amacrine.operators.retina.Retina;
import org.junit.jupiter.api.Test;

class DescriptionTest {

    /** A cell whose memory of one frame another library keeps. */
    private static final class Cell extends BaseLayer {
        private Cell() {
            super("cell");
            add(Parameter.number("gain", 2)
                    .above(0)
                    .unit("mV")
                    .doc("How much it makes of all that comes in")
                    .alias("g"));
        }

        @Override
        protected List<Shape> allocate() {
            states().add("kept", new float[] {1, 2, 6}, 3);
            states().add(
                            "elsewhere",
                            () -> {
                                throw new IllegalStateException("lies elsewhere");
                            },
                            (NdArray array) -> {});
            return List.of(context().input());
        }

        @Override
        public void process(Chunk[] in, Chunk[] out) {}
    }

    @Test
    void shouldTellParametersAndStates() {
        Layer cell = new Cell();
        cell.parameters().set("gain", 3.5);
        cell.run(Frames.zeros(Shape.image(1, 1), 1), 1);

        assertEquals("""
                cell
                  gain = 3.5 mV
                      How much it makes of all that comes in
                      a finite number > 0; default 2; also g
                  state kept = (3,) from 1 to 6, mean 3
                  state elsewhere = cannot be read
                """, Description.of(cell).text(100));
    }

    @Test
    void shouldBreakLinesBetweenWords() {
        assertEquals("""
                cell
                  gain = 2 mV
                      How much it makes of all that
                        comes in
                      a finite number > 0; also g
                """, Description.of(new Cell().parameters()).text(40));
        assertThrows(
                IllegalArgumentException.class, () -> Description.of(new Cell()).text(39));
    }

    @Test
    void shouldGatherPartsByTheirNames() {
        Layer model = Cascades.ln("ln", 2, true, true, 2, 1, 1);
        model.parameters().get("conv1.bias").freeze(true);
        model.run(Frames.zeros(Shape.image(2, 3), 1), 1);

        Description description = Description.of(model);

        assertEquals("ln", description.name());
        assertTrue(description.parts().keySet().containsAll(Set.of("conv1", "conv2")));
        Description first = description.parts().get("conv1");
        assertEquals(Set.of("weight", "bias"), first.parameters().keySet());
        assertEquals(
                "(1, 1, 2, 1, 1) from 0 to 0, mean 0",
                Description.valueText(first.parameters().get("weight")));
        assertTrue(Description.factsText(first.parameters().get("bias")).contains("; frozen"));
        assertTrue(Description.factsText(first.parameters().get("weight")).contains("; trainable"));
    }

    @Test
    void shouldTellEveryParameterAndStateOfTheRetinaWithin100Columns() {
        Retina retina = Retina.builder().build();
        retina.run(Frames.zeros(Shape.image(20, 20), 1), 1);

        String text = Description.of(retina).text(100);

        assertTrue(text.lines().allMatch(line -> line.length() <= 100), text);
        assertEquals(
                retina.parameters().all().size() + retina.states().names().size(),
                text.lines().filter(line -> line.contains(" = ")).count());
    }
}
