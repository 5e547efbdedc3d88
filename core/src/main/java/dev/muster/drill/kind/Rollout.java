package dev.muster.drill.kind;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.Field;
import dev.muster.drill.field.Fields;
import dev.muster.source.MinimumDuration;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A new revision of a Deployment or StatefulSet, which its controller rolls out; undone by rolling
 * back.
 *
 * @param image of the new revision; null: the same pods are made anew, as by {@code kubectl rollout
 *     restart}
 * @param container that gets the image; null: the first
 * @param timeout for so long it is waited for, from the change of the workload on
 */
public record Rollout(@Nullable String image, @Nullable String container, Duration timeout)
    implements FaultKind {
  public static final Kind KIND =
      Kind.of(
              Rollout.class,
              "a new revision of the workload is rolled out, and rolled back",
              yaml ->
                  new Rollout(
                      yaml.has("image") ? yaml.text("image", "") : null,
                      yaml.has("container") ? yaml.text("container", "") : null,
                      yaml.duration("timeout", Fields.TIMEOUT_IF_LEFT_OUT)),
              _ -> MinimumDuration.STATE)
          .takes(
              Field.text(
                  "image",
                  "an image",
                  "^[a-zA-Z0-9][a-zA-Z0-9._:/@-]*$",
                  "of the new revision; the same pods are made anew if left out"),
              Field.text(
                  "container",
                  "the name of a container",
                  "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
                  "that gets the image; the first if left out"),
              Fields.TIMEOUT)
          .rules(yaml -> {
            if (yaml.has("container") && !yaml.has("image")) {
              yaml.refuseKey(
                  "container",
                  "\"container\" goes with \"image\": without one nothing is set in it");
            }
          })
          .sense(Fields::heldAfterTimeout);

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.OF_WORKLOADS, Trait.GRADUAL);
  }

  @Override
  public List<String> words() {
    String what =
        image == null
            ? "pods made anew"
            : "image " + image + (container == null ? "" : " of container " + container);
    return List.of(what, "within " + DurationText.of(timeout));
  }
}
