package dev.firn.upload;

import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * Opens a kind of sink by its name. Found by {@link ServiceLoader}, so that a command need not carry the libraries of sinks
 * that it does not use.
 */
public interface SinkProvider {
    /** As the command line has it. */
    String name();

    /**
     * Opens the sink; it connects when its first channel is opened.
     *
     * @param settings the value of a setting, by the name that the warehouse's own tools give it
     * @throws RuntimeException if a setting is missing or malformed; says which, and shows no secret
     */
    Sink open(Function<String, Optional<String>> settings);

    /** The provider of this name on the class path, if it is there. */
    static Optional<SinkProvider> find(String name) {
        return ServiceLoader.load(SinkProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(name))
                .findFirst();
    }
}
