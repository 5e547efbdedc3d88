package dev.muster.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is wrong with addresses that people write, before anything is asked of them. */
public final class Addresses {
  private static final int LAST_PORT = 65_535;

  /** As Go reads them, so the API server too: no part above 255, none with a leading zero. */
  private static final Pattern RANGE =
      Pattern.compile(
          "PART\\.PART\\.PART\\.PART(/(3[0-2]|[12]?[0-9]))?"
              .replace("PART", "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"));

  private Addresses() {}

  /** An IPv4 address, or a range like 10.0.0.0/8. */
  public static boolean isRange(String text) {
    return RANGE.matcher(text).matches();
  }

  /** Why nothing could be cut off from this address or range; empty where something could. */
  public static Optional<String> flawOfRange(String text) {
    if (!isRange(text)) {
      return Optional.of(
          text
              + " is no address: four numbers from 0 to 255 without leading zeros, and a length"
              + " from /0 to /32");
    }
    return text.startsWith("127.") || text.matches("0\\.0\\.0\\.0(/32)?")
        ? Optional.of(text + " is the node itself: nobody else is there to be cut off from")
        : Optional.empty();
  }

  /** Why nothing could be asked at this http(s) URL; empty where something could. */
  public static Optional<String> flaw(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return Optional.of("it is no URL: " + e.getReason() + " at letter " + (e.getIndex() + 1));
    }
    String host = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    if (host.indexOf('@') >= 0) {
      return Optional.of(
          "it has a user or password in it, which the report would tell: take them out");
    }
    if (uri.getHost() == null) {
      return Optional.of(
          host.isEmpty()
              ? "it has no host"
              : "\""
                  + host
                  + "\" is no host and port: letters, digits, '-' and '.' are, and"
                  + (host.indexOf('_') >= 0
                      ? " '_' is not; use another name or the address"
                      : " a port below 65536"));
    }
    if (uri.getPort() > LAST_PORT || uri.getPort() == 0) {
      return Optional.of("port " + uri.getPort() + " is none: ports go from 1 to " + LAST_PORT);
    }
    return uri.getRawFragment() == null
        ? Optional.empty()
        : Optional.of("what follows # is sent to nobody: take it out");
  }
}
