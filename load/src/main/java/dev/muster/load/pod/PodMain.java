package dev.muster.load.pod;

import dev.muster.drill.time.RealTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The program of a load's pod; its arguments are the folder of its order and its port. */
final class PodMain {
  /** By then its Muster has died, and the namespace was to be reaped. */
  private static final Duration ABANDONED = Duration.ofMinutes(30);

  private PodMain() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var order = LoadPodConfig.read(Files.readString(Path.of(arguments[0], "order.json")));
    int part = Integer.parseInt(System.getenv("JOB_COMPLETION_INDEX"));
    var time = RealTime.TIME;
    try (var pod =
        new LoadPod(order, part, new InetSocketAddress(Integer.parseInt(arguments[1])), time)) {
      System.out.println("part " + part + " of the load of " + order);
      while (Duration.between(pod.asked(), time.instant()).compareTo(ABANDONED) < 0) {
        time.sleep(Duration.ofSeconds(10));
      }
    }
    System.out.println("nobody has asked for " + ABANDONED + ": this is over");
  }
}
