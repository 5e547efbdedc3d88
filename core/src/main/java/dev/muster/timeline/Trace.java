package dev.muster.timeline;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody other than the client tells of a request: the service's usage record, or a line in
 * the log store. The client's own account is the ledger.
 *
 * @param id of the request
 * @param key where it is kept: etcd's key, or the document's id
 * @param at its own time, where it tells one
 * @param component of the service that wrote it: api, worker, ingress …; empty where it does not
 *     say
 * @param pod that wrote it
 * @param node of that pod; empty where it does not say
 * @param worker that served the request, by its account; empty where it does not say
 * @param outcome by its account; empty where it does not say
 * @param message of a log line
 * @param writes how often it was written; 1 for a log line
 */
public record Trace(
    String id,
    Source source,
    String key,
    @Nullable Instant at,
    String component,
    String pod,
    String node,
    String worker,
    String outcome,
    String message,
    long writes) {

  /**
   * Who keeps it. {@code ACCESS}: a line of an access log, {@code ENDPOINT}: the only endpoint that
   * was ready; both name in {@code worker} the pod that a request went to.
   */
  public enum Source {
    USAGE,
    LOG,
    ACCESS,
    ENDPOINT
  }
}
