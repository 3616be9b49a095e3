import { Button, TextInput } from "@mantine/core";
import { useDeferredValue, useEffect, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Icon } from "@/components/Icon";
import { SHOWS, type Show } from "../lib/cell-state";
import classes from "./EssayGrid.module.css";

interface GridFilterProps {
  show: Show;
  onShow: (show: Show) => void;
  search: string;
  onSearch: (search: string) => void;
  phase: string | null;
  phaseName: string | null;
  onPhase: (phase: string | null) => void;
}

/** What of the grid is shown: by outcome, by phase, by name. */
export function GridFilter(props: GridFilterProps) {
  const intl = useIntl();
  const { show, onShow, search, onSearch, phaseName, onPhase } = props;
  const [typed, setTyped] = useState(search);
  const settled = useDeferredValue(typed);
  useEffect(() => {
    onSearch(settled);
  }, [settled, onSearch]);

  return (
    <div className={classes.filter}>
      <fieldset className={classes.shows}>
        <legend className="visually-hidden">
          <FormattedMessage id="batch.grid.show" />
        </legend>
        {SHOWS.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="batch-grid-show"
              className="visually-hidden"
              checked={show === each}
              onChange={() => onShow(each)}
            />
            <FormattedMessage id={`batch.grid.show.${each}`} />
          </label>
        ))}
      </fieldset>
      {phaseName && (
        <Button
          size="xs"
          variant="light"
          onClick={() => onPhase(null)}
          rightSection={<Icon name="cross" size={14} />}
          aria-label={intl.formatMessage({ id: "batch.grid.allPhases" }, { phase: phaseName })}
        >
          {phaseName}
        </Button>
      )}
      <TextInput
        type="search"
        size="sm"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        aria-label={intl.formatMessage({ id: "batch.grid.search" })}
        placeholder={intl.formatMessage({ id: "batch.grid.search" })}
        leftSection={<Icon name="search" size={16} />}
      />
    </div>
  );
}
