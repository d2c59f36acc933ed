package org.amacrine.demos.cli;

import picocli.CommandLine.Command;

@Command(name = "bench")
public final class BenchCommand {}
