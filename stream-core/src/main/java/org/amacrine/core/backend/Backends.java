package org.amacrine.core.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.amacrine.core.layer.Names;

/** All backends found, and the choice between them. */
public final class Backends {
    private static final System.Logger LOG = System.getLogger(Backends.class.getName());

    private Backends() {}

    /**
     * A choice and its reasons.
     *
     * @param backend the one chosen
     * @param reason one line: the choice, and why each better one was passed over
     */
    public record Choice(Backend backend, String reason) {}

    /** All backends, the best first. */
    public static List<Backend> all() {
        List<Backend> found = new ArrayList<>();
        found.add(new ScalarBackend());
        try {
            ServiceLoader.load(Backend.class).forEach(found::add);
        } catch (ServiceConfigurationError e) {
            LOG.log(System.Logger.Level.WARNING, "a backend could not be loaded and is passed over: " + e.getMessage());
        }
        found.sort(Comparator.comparingInt(Backend::rank).reversed());
        return found;
    }

    /**
     * The backend of that name, or with {@code auto} the best one usable. Throws {@link IllegalArgumentException} for an
     * unknown name and for a backend that is not usable: there is no quiet fallback.
     */
    public static Choice choose(String name) {
        return choose(name, all());
    }

    static Choice choose(String name, List<Backend> all) {
        if (!name.equals("auto")) {
            return named(name, all);
        }
        StringBuilder passedOver = new StringBuilder();
        for (Backend backend : all) {
            Backend.Availability availability = backend.availability();
            if (availability.usable()) {
                return new Choice(
                        backend,
                        "backend " + backend.name() + " (" + availability.reason() + ")"
                                + (passedOver.isEmpty() ? "" : "; passed over " + passedOver));
            }
            passedOver
                    .append(passedOver.isEmpty() ? "" : ", ")
                    .append(backend.name())
                    .append(": ")
                    .append(availability.reason());
        }
        throw new IllegalStateException("no backend is usable: " + passedOver);
    }

    private static Choice named(String name, List<Backend> all) {
        List<String> names = all.stream().map(Backend::name).toList();
        Backend backend = all.stream()
                .filter(b -> b.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no backend \"" + name + "\""
                        + Names.suggest(name, names) + "; there are auto, " + String.join(", ", names)));
        Backend.Availability availability = backend.availability();
        if (!availability.usable()) {
            throw new IllegalArgumentException(
                    "backend \"" + name + "\" is not usable: " + availability.reason() + "; or use --backend auto");
        }
        return new Choice(backend, "backend " + name + " (" + availability.reason() + "), as asked");
    }
}
