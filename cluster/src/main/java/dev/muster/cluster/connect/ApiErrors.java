package dev.muster.cluster.connect;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What failed calls of the client library say, in a sentence. */
public final class ApiErrors {
  /** What to do where a right is missing. */
  public static final String GRANT =
      "grant it to the user of this kubeconfig: 'muster rbac DRILL' prints the roles";

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final Pattern ANSWERED =
      Pattern.compile("Failure executing: (\\S+) at: (\\S+)\\. Message: .*", Pattern.DOTALL);
  private static final Pattern FAILED =
      Pattern.compile(
          "Operation: \\[(.+?)]\\s+for kind: \\[(.+?)]\\s+with name: \\[(.+?)]\\s+in namespace:"
              + " \\[(.+?)]\\s+failed.*");

  private ApiErrors() {}

  /**
   * What was asked and what came of it: the server's own words where it answered, and what to do
   * where a right is missing.
   */
  public static String why(KubernetesClientException e) {
    if (e.getCode() != FORBIDDEN) {
      return said(e);
    }
    // its own words name user, verb and resource
    String own = e.getStatus() == null ? null : e.getStatus().getMessage();
    return (own == null ? said(e) : own) + "; " + GRANT;
  }

  /**
   * Whoever asks a kubelet or a pod through the API server learns nothing of them where the server
   * itself did not let it: that is no silence, and no answer either.
   *
   * @throws ClusterException in words, if it was the API server that refused
   */
  public static void unlessRefused(KubernetesClientException e) {
    String reason = e.getStatus() == null ? null : e.getStatus().getReason();
    if (e.getCode() == UNAUTHORIZED
        || (e.getCode() == FORBIDDEN && "Forbidden".equals(reason))
        || (e.getCode() == TOO_MANY && "TooManyRequests".equals(reason))) {
      throw new ClusterException(why(e));
    }
  }

  private static String said(KubernetesClientException e) {
    String message = String.valueOf(e.getMessage());
    if (e.getCode() > 0) {
      String said =
          e.getStatus() == null ? message : e.getCode() + " " + e.getStatus().getMessage();
      Matcher asked = ANSWERED.matcher(message);
      return asked.matches()
          ? "%s %s was answered with %s".formatted(asked.group(1), asked.group(2), said)
          : said;
    }
    if (e.getCause() == null) {
      return message;
    }
    String cause = Connection.cause(e);
    Matcher asked = FAILED.matcher(message);
    return asked.matches()
        ? "to %s %s%s%s failed: %s"
            .formatted(
                asked.group(1),
                asked.group(2),
                given(" ", asked.group(3)),
                given(" in namespace ", asked.group(4)),
                cause)
        : cause;
  }

  /** What is at the bottom of a failure, where the library's own words do not say it. */
  public static String cause(Throwable problem) {
    return Connection.cause(problem);
  }

  private static String given(String before, String text) {
    return text.equals("null") ? "" : before + text;
  }
}
