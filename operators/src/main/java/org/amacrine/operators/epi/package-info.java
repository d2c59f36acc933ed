/**
 * Emergent property inference (Bittner et al., eLife 2021): the distribution of largest entropy over a model's parameters whose
 * simulations have given mean statistics. A normalizing flow is fitted by an augmented Lagrangian.
 *
 * <pre>
 *   noise [dims][samples] ──flow──▶ parameters z, log q(z) ──emergent property──▶ statistics T(z)
 *          ▲                              │                                          │
 *          └──────── one reverse pass ◀───┴──────────── entropy, mean T - mu ◀───────┘
 * </pre>
 */
package org.amacrine.operators.epi;
