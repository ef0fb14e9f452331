import type { TargetPlace } from "../targets/targetList.ts";

/** Whose logs are followed: an app's, or those of one of its functions, calls or containers. */
export interface LogOrigin extends TargetPlace {
  /** As shown to the user. */
  readonly title: string;
  readonly appId: string;
  /** `fu-…` */
  readonly functionId?: string | undefined;
  /** `fc-…` */
  readonly functionCallId?: string | undefined;
  /** The container, `ta-…`. */
  readonly taskId?: string | undefined;
}
