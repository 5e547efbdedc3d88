package dev.muster.wire;

import java.time.Duration;
import java.util.List;

/**
 * What one kind of fault shall do on a node: the drill's words, and what only the cluster knows. A
 * new deed is one record here; the compiler then shows what the agent must know of it.
 */
public sealed interface DeedSpec {
  /** As in the drill file, and in the argument. */
  default String kind() {
    return Union.DEEDS.word(this);
  }

  /** Which of the node's packets, as the node sees them. */
  enum Direction {
    TO,
    FROM,
    BOTH
  }

  /**
   * @param address of the node: its interface is cut
   * @param peers addresses and ranges; empty means everybody
   */
  record NodeNetwork(String address, Direction direction, List<String> peers) implements DeedSpec {
    public NodeNetwork {
      peers = List.copyOf(peers);
    }
  }

  /**
   * @param address of the node
   */
  record DnsFailure(String address) implements DeedSpec {}

  /**
   * @param load of each worker in percent
   * @param container its id, as the runtime knows it; empty for the node itself
   */
  record CpuStress(int workers, int load, String container) implements DeedSpec {}

  /**
   * @param container its id, as the runtime knows it; empty for the node itself
   */
  record MemoryStress(long bytes, String container) implements DeedSpec {}

  /**
   * One of the three, the others are 0.
   *
   * @param bytes size of the file
   * @param percent of the disk that is then in use
   * @param leave so many bytes free
   */
  record DiskFill(long bytes, int percent, long leave) implements DeedSpec {}

  /**
   * @param containers their ids, as the runtime knows them
   */
  record ProcessKill(List<String> containers) implements DeedSpec {
    public ProcessKill {
      containers = ids(containers);
    }
  }

  /**
   * @param containers their ids, as the runtime knows them
   */
  record ProcessPause(List<String> containers) implements DeedSpec {
    public ProcessPause {
      containers = ids(containers);
    }
  }

  /** The agent finds it by itself. */
  record KubeletStop() implements DeedSpec {}

  /**
   * @param address of the node
   */
  record NetworkDelay(String address, Duration latency, Duration jitter) implements DeedSpec {}

  /**
   * @param address of the node
   * @param percent of packets that are dropped at random
   */
  record NetworkLoss(String address, double percent) implements DeedSpec {}

  /** An empty id would be that of every process. */
  private static List<String> ids(List<String> containers) {
    if (containers.isEmpty() || containers.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("containers need an id each, not " + containers);
    }
    return List.copyOf(containers);
  }
}
