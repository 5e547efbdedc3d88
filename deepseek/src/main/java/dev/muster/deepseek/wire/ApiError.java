package dev.muster.deepseek.wire;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A refusal in DeepSeek's envelope; it carries what the client is told and nothing internal. */
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final String INVALID = "invalid_request_error";
  private static final String BUSY = "service_unavailable_error";
  private static final String TOO_BUSY =
      "Service is too busy. We advise users to temporarily switch to alternative LLM API service"
          + " providers.";

  /** The code of {@link #draining}. */
  public static final String DRAINING = "draining";

  private final int status;
  private final String type;
  private final String code;
  private final long retryAfterSeconds;

  private ApiError(int status, String type, String code, String message) {
    this(status, type, code, message, 0);
  }

  private ApiError(int status, String type, String code, String message, long retryAfterSeconds) {
    // A refusal is an answer, not a defect: no stack trace is taken
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  public static ApiError invalidFormat(String message) {
    return new ApiError(400, INVALID, INVALID, message);
  }

  /**
   * @param context most tokens of messages and answer together
   */
  public static ApiError contextTooLong(int context, int messages, int completion) {
    return invalidFormat(
        ("This model's maximum context length is %d tokens. However, you requested %d tokens (%d in"
                + " the messages, %d in the completion). Please reduce the length of the messages or"
                + " completion.")
            .formatted(context, messages + completion, messages, completion));
  }

  /** A body with more bytes than a prompt that fits can have; nobody counted its tokens. */
  public static ApiError bodyTooLong(int context, long bytes) {
    return invalidFormat(
        ("This model's maximum context length is %d tokens. However, your request has %d bytes, which is"
                + " more than so many tokens can have. Please reduce the length of the messages.")
            .formatted(context, bytes));
  }

  public static ApiError authentication(String keyTail) {
    return new ApiError(
        401,
        "authentication_error",
        INVALID,
        "Authentication Fails, Your api key: ****" + keyTail + " is invalid");
  }

  /** Of who asks for faults; nothing of what was sent is told. */
  public static ApiError faultToken() {
    return new ApiError(
        401, "authentication_error", INVALID, "The header x-fault-token is missing or wrong.");
  }

  public static ApiError conflict(String message) {
    return new ApiError(409, INVALID, INVALID, message);
  }

  public static ApiError insufficientBalance() {
    return new ApiError(402, "unknown_error", INVALID, "Insufficient Balance");
  }

  /**
   * @param allowed the method that would do
   */
  public static ApiError wrongMethod(String method, String path, String allowed) {
    return new ApiError(
        405,
        INVALID,
        INVALID,
        "Method %s is not allowed for %s: use %s.".formatted(method, path, allowed));
  }

  /** The JSON is sound but does not fit the type. */
  public static ApiError invalidParameters(String what) {
    return new ApiError(
        422, INVALID, INVALID, "Failed to deserialize the JSON body into the target type: " + what);
  }

  public static ApiError tooManyRequests(int concurrency, int limit) {
    return new ApiError(
        429,
        "rate_limit_error",
        INVALID,
        "Too many requests. Your current concurrency is %d, which exceeds your concurrency limit of %d."
            .formatted(concurrency, limit));
  }

  /** The request does not come together in time. */
  public static ApiError timeout() {
    return new ApiError(
        408, INVALID, INVALID, "The request was not received in time. Send it again, all at once.");
  }

  /** What the web server itself refuses, before anybody has seen the request. */
  public static ApiError transport(int status, String why) {
    return status < 500 ? new ApiError(status, INVALID, INVALID, why) : server(why);
  }

  /**
   * Whoever answers is about to stop, and somebody else can go on.
   *
   * @param how what to do about it
   */
  public static ApiError draining(String how) {
    return new ApiError(503, BUSY, DRAINING, how);
  }

  public static ApiError notFound(String path) {
    return new ApiError(404, INVALID, INVALID, "Not found: " + path);
  }

  public static ApiError server(String message) {
    return new ApiError(500, "server_error", "server_error", message);
  }

  /** This process takes no requests now; another one of the service may. */
  public static ApiError busy() {
    return new ApiError(503, BUSY, BUSY, TOO_BUSY);
  }

  /**
   * The service as a whole has no room: to ask another process of it would only be more load.
   *
   * @param retryAfter when it is likely to have some
   */
  public static ApiError overloaded(Duration retryAfter) {
    return new ApiError(
        503, BUSY, BUSY, TOO_BUSY, Math.max(1, retryAfter.plusMillis(999).toSeconds()));
  }

  /**
   * What a worker said of a request that no other worker would take either.
   *
   * @param body its envelope; where it is none, all of it is the message
   */
  public static ApiError ofWorker(int status, String body) {
    JsonNode error;
    try {
      error = Json.parse(body).path("error");
    } catch (JacksonException e) {
      error = MissingNode.getInstance();
    }
    return new ApiError(
        status,
        error.path("type").asString(INVALID),
        error.path("code").asString(INVALID),
        error.path("message").asString(body));
  }

  public int status() {
    return status;
  }

  /** Whether nobody but the client may try again: whoever else does multiplies the load. */
  public boolean overload() {
    return retryAfterSeconds > 0;
  }

  /** For {@code Retry-After}. */
  public long retryAfterSeconds() {
    return Math.max(1, retryAfterSeconds);
  }

  /** Whether the same request may be taken a little later. */
  public boolean passes() {
    return status == 429 || status == 503;
  }

  public String json() {
    return Json.object(json ->
        json.writeObjectPropertyStart("error")
            .writeStringProperty("message", String.valueOf(getMessage()))
            .writeStringProperty("type", type)
            .writeNullProperty("param")
            .writeStringProperty("code", code)
            .writeEndObject());
  }

  public byte[] body() {
    return json().getBytes(StandardCharsets.UTF_8);
  }
}
