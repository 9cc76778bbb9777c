"""What stands beside the curves before they can be drawn."""

from PySide6.QtGui import QColor

from glomviewer.ui.colours import accent_of, colours_of
from glomviewer.ui.lab.curve_points import Curve
from glomviewer.ui.lab.run_plots import RunPlot


def test_until_the_plot_is_there_its_legend_has_the_colours_of_the_theme(qtbot, theme):
    plot = RunPlot("Loss", last=False)
    qtbot.addWidget(plot)
    plot.name_curve(Curve(training=(0.5,), validation=(0.6,)))
    plot.show()
    drawn = [sample.grab().toImage().pixelColor(2, 8) for sample in plot._samples]
    wanted = [QColor(colours_of(plot).secondary), accent_of(plot)]
    for one, other in zip(drawn, wanted, strict=True):
        assert abs(one.lightness() - other.lightness()) < 60
