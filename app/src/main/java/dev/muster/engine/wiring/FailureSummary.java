package dev.muster.engine.wiring;

import dev.muster.drill.LoadRequest;
import dev.muster.load.stats.Failure;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What went wrong with most requests, and where, as a person can act on it. */
final class FailureSummary {
  private static final int LONGEST = 200;

  /** Shorter ones are found in any text, and no secrets. */
  private static final int SECRET = 4;

  private FailureSummary() {}

  /**
   * @param method by which it was asked
   * @param uri that was asked; its query, user and password are told to nobody
   * @param apiKey not told either, though a server may quote it
   */
  static String of(Failure failure, String method, URI uri, String apiKey) {
    String kind =
        failure.status() >= 300
            ? "HTTP " + failure.status() + " from"
            : "outcome " + failure.outcome() + " of";
    String said = said(failure, secrets(uri, apiKey));
    return String.format(
        Locale.ROOT,
        "%d of %d with %s %s %s%s%s",
        failure.count(),
        failure.all(),
        kind,
        method,
        address(uri),
        said.isEmpty() ? "" : " (" + said + ")",
        failure.status() == 404 && withoutPath(uri)
            ? ": many servers want /v1 in the endpoint"
            : "");
  }

  private static String address(URI uri) {
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    return uri.getScheme()
        + "://"
        + authority.substring(authority.lastIndexOf('@') + 1)
        + uri.getRawPath();
  }

  private static boolean withoutPath(URI uri) {
    return uri.getRawPath().length() > 1
        && Arrays.stream(LoadRequest.Preset.values())
            .anyMatch(preset -> uri.getRawPath().equals(preset.path()));
  }

  private static String said(Failure failure, List<String> secrets) {
    String status = "HTTP " + failure.status() + ":";
    String words = failure.words();
    String text = words.startsWith(status) ? words.substring(status.length()) : words;
    for (String secret : secrets) {
      text = text.replace(secret, "…");
    }
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  private static List<String> secrets(URI uri, String apiKey) {
    List<String> secrets = new ArrayList<>();
    if (!apiKey.equals(RealLoad.ANY_KEY)) {
      add(secrets, apiKey);
    }
    add(secrets, uri.getRawUserInfo());
    String query = uri.getRawQuery();
    if (query != null) {
      add(secrets, query);
      for (String field : query.split("&", -1)) {
        String value = field.substring(field.indexOf('=') + 1);
        add(secrets, value);
        add(secrets, URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    return secrets;
  }

  private static void add(List<String> secrets, @Nullable String secret) {
    if (secret != null && secret.length() >= SECRET) {
      secrets.add(secret);
    }
  }
}
