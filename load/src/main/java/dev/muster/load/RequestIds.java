package dev.muster.load;

/**
 * Ids of a load's requests, which arrive at the service as they were sent.
 *
 * @param prefix the run's
 */
record RequestIds(String prefix) {
  /**
   * Envoy takes every {@code x-request-id} of this length for a UUID and writes into its 15th
   * character why it traces the request (source/extensions/request_id/uuid/config.cc).
   */
  private static final int LENGTH_OF_UUID = 36;

  String of(long number) {
    String id = prefix + "-" + number;
    return id.length() == LENGTH_OF_UUID ? prefix + "-0" + number : id;
  }
}
