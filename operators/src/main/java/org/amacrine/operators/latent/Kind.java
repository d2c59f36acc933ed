package org.amacrine.operators.latent;

/** Kinds of parameters that a model has for each group, beside those of its modules. */
public enum Kind {
    /** Modes of an input group, {@code d_in x d_proj}. */
    P("p", "input group"),
    /** Modes of an output group, {@code d_out x d_trans}. */
    U("u", "output group"),
    /** Weights of the direct way from an input to an output, {@code d_in}, one for each pair. */
    DIRECT_MAPPINGS("direct mapping", "pair"),
    /** Factors of the variables of an output group, {@code d_out}. */
    SCALES("scale", "output group"),
    /** What is added to the variables of an output group, {@code d_out}. */
    OFFSETS("offset", "output group"),
    /** Noise variances of an output group, {@code d_out}. */
    PSI("psi", "output group");

    private final String word;
    private final String ofWhat;

    Kind(String word, String ofWhat) {
        this.word = word;
        this.ofWhat = ofWhat;
    }

    /** For messages, for example {@code p of input group 1}. */
    String of(int index) {
        return word + " of " + ofWhat + " " + index;
    }
}
