"""A record as a workbook: the model of its sheets, the template, and the way between rows and statements.

The model is data, ``shapes/workbook.ttl``: which sheets there are, what a row is, what a column says. ``model`` reads
it; ``cells`` turns one cell into values and back; ``read`` makes statements of rows, ``write`` rows of statements;
``tables`` lays rows out as sheets, which ``template`` writes as xlsx. Files that strangers send are opened in
``xlsx`` or ``csv``, which gives the sheets to ``read`` as grids.
"""
