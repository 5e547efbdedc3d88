package dev.muster.observe.ask;

/**
 * One pod of a component of the service.
 *
 * @param node empty where it has none yet
 * @param api asks this pod and no other
 */
public record Replica(String pod, String node, boolean ready, JsonApi api) {}
