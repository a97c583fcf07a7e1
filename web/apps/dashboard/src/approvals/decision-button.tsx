import { Button, type ButtonProps } from "@mantine/core";
import { useEffect, useRef, useState, type ReactNode } from "react";

/** A request or dialog is shown this long before it can be decided: as long as a double click may take. Milliseconds. */
const SETTLING = 500;

/** Whether the component has been shown long enough for a press or key that comes now to be meant for it. */
export function useSettled(): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLING);
    return () => clearTimeout(timer);
  }, []);
  return settled;
}

interface DecisionButtonProps extends ButtonProps {
  readonly settled: boolean;
  readonly onAct: () => void;
  readonly children: ReactNode;
  readonly "data-testid"?: string;
}

/** A button that decides. The second click of a double click, and a press that began before `settled`, do nothing. */
export function DecisionButton({ settled, onAct, ...props }: DecisionButtonProps): ReactNode {
  const early = useRef(false);
  return (
    <Button
      {...props}
      aria-disabled={settled ? undefined : true}
      onPointerDown={() => {
        early.current = !settled;
      }}
      onClick={(event) => {
        const beganEarly = early.current;
        early.current = false;
        if (settled && !beganEarly && event.detail <= 1) onAct();
      }}
    />
  );
}
