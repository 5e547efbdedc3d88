package dev.muster.deepseek.wire;

import java.nio.charset.StandardCharsets;

/** A refusal in DeepSeek's envelope; it carries what the client is told and nothing internal. */
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final String INVALID = "invalid_request_error";
  private static final String BUSY = "service_unavailable_error";

  private final int status;
  private final String type;
  private final String code;

  private ApiError(int status, String type, String code, String message) {
    // A refusal is an answer, not a defect: no stack trace is taken
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.code = code;
  }

  public static ApiError invalidFormat(String message) {
    return new ApiError(400, INVALID, INVALID, message);
  }

  public static ApiError authentication(String keyTail) {
    return new ApiError(
        401,
        "authentication_error",
        INVALID,
        "Authentication Fails, Your api key: ****" + keyTail + " is invalid");
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

  public static ApiError notFound(String path) {
    return new ApiError(404, INVALID, INVALID, "Not found: " + path);
  }

  public static ApiError server(String message) {
    return new ApiError(500, "server_error", "server_error", message);
  }

  public static ApiError busy() {
    return new ApiError(
        503,
        BUSY,
        BUSY,
        "Service is too busy. We advise users to temporarily switch to alternative LLM API service"
            + " providers.");
  }

  public int status() {
    return status;
  }

  public String json() {
    return "{\"error\":{\"message\":"
        + Json.quote(String.valueOf(getMessage()))
        + ",\"type\":\""
        + type
        + "\",\"param\":null,\"code\":\""
        + code
        + "\"}}";
  }

  public byte[] body() {
    return json().getBytes(StandardCharsets.UTF_8);
  }
}
