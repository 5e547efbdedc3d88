package dev.muster.deepseek.group;

import java.util.List;

/**
 * The pods that hold a model together, as their leader sees them. All of them take part in each
 * step of the engine, as in a collective operation of NCCL.
 */
public interface Group extends AutoCloseable {
  /** A model that fits into one pod. */
  Group ALONE =
      new Group() {
        @Override
        public int size() {
          return 1;
        }

        @Override
        public List<Integer> missing() {
          return List.of();
        }

        @Override
        public void form() {}

        @Override
        public void begin() {}

        @Override
        public boolean end() {
          return true;
        }

        @Override
        public void dissolve(String why) {}

        @Override
        public void close() {}
      };

  /** What becomes of a group that was whole. Called by threads of the group. */
  interface Listener {
    /**
     * A rank is lost, and with it the model; no step ends any more. Told once for each time that
     * the group was whole, before anybody who waits for the end of a step is.
     */
    void lost(String why);

    /** A rank is about to end, and waits until the group is dissolved. */
    void leaving(String why);
  }

  /** Pods of it when it is whole. */
  int size();

  /** Ranks that are not there. */
  List<Integer> missing();

  /** Waits until all ranks are there. */
  void form() throws InterruptedException;

  /** All ranks begin with a step. */
  void begin();

  /**
   * Waits until all ranks have done their part of it.
   *
   * @return false if one was lost; what the step computed is lost with it
   */
  boolean end() throws InterruptedException;

  /** All ranks go apart, as if one were lost. */
  void dissolve(String why);

  /** For ever. */
  @Override
  void close();
}
