package dev.muster.load;

/**
 * One server-sent event that its blank line has completed.
 *
 * @param name the {@code event} field; "message" where there was none
 * @param data the {@code data} lines, joined by line feeds
 */
public record SseEvent(String name, String data) {}
