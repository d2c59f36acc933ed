package org.amacrine.operators.arhmm;

/**
 * Log joint probability of state sequences and features given the parameters, in its two parts. The uniform start and the
 * prior of the parameters are not in it.
 *
 * @param z sum of log p(z_s | z_{s-1})
 * @param x sum of log p(x_s | z_s, lags)
 */
public record LogJoint(double z, double x) {}
