package org.amacrine.sources.network;

/**
 * What has come over the network, since the source was opened.
 *
 * @param frames frames that were read
 * @param lost frames that are missing among them, by the sender's numbers
 * @param malformed messages that could not be read
 * @param late frames that came after later ones, or twice
 * @param overrun frames that came while the pipeline had no room; they are among the lost
 * @param lastProblem what was wrong with the last malformed message; null when there was none
 */
public record NetworkStatus(long frames, long lost, long malformed, long late, long overrun, String lastProblem) {}
